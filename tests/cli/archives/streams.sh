# What comes from standard input may be compressed or an archive.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" docs.tar.gz docs.zip records.jsonl.xz many.jsonl.gz
cat docs.tar.gz | kwic index --name mine -
cat docs.zip | kwic index --replace -
cat records.jsonl.xz | kwic index --replace -
{ sleep 0.2; cat many.jsonl.gz; } | kwic index --name numbers -
kwic search -q -l --sort id "guards OR record OR \"number 7\""
