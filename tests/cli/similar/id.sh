# --id: a path from here is not looked up; of records there are only ids.
cd data && kwic index -q records.jsonl articles && cd articles
kwic similar -l --id r1
kwic similar -l --id border.txt
