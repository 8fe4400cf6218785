# Pages go on where the one before ended, with the document left out of all.
cd data && kwic index -q articles notes records.jsonl long.txt
kwic similar -c articles/garden.txt
kwic similar -l articles/garden.txt >all
for at in 0 2 4 6; do kwic similar -l --limit 2 --offset $at articles/garden.txt; done | diff all - && cat all
kwic similar -l --sort id articles/garden.txt | diff - <(sort all) && echo same documents
