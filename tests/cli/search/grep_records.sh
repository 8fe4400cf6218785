# Of a record, its line.
cd data && kwic index -q records.jsonl
kwic search --format grep rope
