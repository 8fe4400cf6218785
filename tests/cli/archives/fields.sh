# A member has the fields of a file, and its path is its own; a record in it has its id.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" docs.zip docs.tar
kwic index -q docs.tar
kwic search -q --format jsonl guards
kwic search -q --format jsonl "another record" | cut -d , -f 3-5
kwic search -q --format grep lamp
kwic search -q -l "ships AND ext:html AND size:>60 AND date:2001"
kwic search -q -l "path:docs.tar/a/*  +border"
kwic show docs.tar/a/readme.md
kwic why docs.tar/a/readme.md lamp | head -1
kwic why docs.tar lamp
