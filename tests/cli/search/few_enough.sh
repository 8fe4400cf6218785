# Three documents are enough; one clause of words that are there needs no comment.
cd data && kwic index -q articles notes records.jsonl long.txt
kwic search -c bordr OR a; kwic search -c heroin
