# Where it is: rank and score; behind the first page, the score that this takes.
cd data && kwic index -q articles notes records.jsonl long.txt
kwic why articles/harbour.txt heroin found
kwic why -n 1 articles/border.txt a heroin
