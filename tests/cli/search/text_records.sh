# A record has its line and its id.
cd data && kwic index -q records.jsonl
kwic search rope
