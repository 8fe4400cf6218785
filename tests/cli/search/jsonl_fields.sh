# Fields are strings, or JSON as it is.
cd data && kwic index -q records.jsonl
kwic search --format jsonl rope
