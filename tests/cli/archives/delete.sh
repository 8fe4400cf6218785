# A member can be deleted by itself, and all of an archive or file of records by its path.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" docs.tar
kwic index -q docs.tar data/records.jsonl
kwic delete docs.tar/a/border.txt
kwic search -q -l --sort id "guards OR lamp"
touch -d 2020-01-01 docs.tar
kwic index
kwic search -q -l --sort id "guards OR lamp"
kwic delete docs.tar
kwic search -q -l "lamp OR guards"
touch -d 2021-01-01 docs.tar
kwic index
kwic delete data/records.jsonl
kwic delete data/records.jsonl
kwic stats | head -1
kwic index docs.tar data/records.jsonl
