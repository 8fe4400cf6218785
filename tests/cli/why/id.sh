# --id: of records there are only ids; words behind the document are the query, also with a dash.
cd data && kwic index -q records.jsonl && cd articles
kwic why --id r1 bridge -rope
