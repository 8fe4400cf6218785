# Broken lines of JSON Lines are skipped and named, the others indexed.
cat >data/broken.jsonl <<'END'
{"id":"a","text":"a good ferry"}
{"id":"b","text":"broken ferry
[1,2,3]

{"id":"c","text":17}
{"id":"d","text":"another good ferry"}
END
kwic index data/broken.jsonl
status=$?
kwic search -l --sort id ferry
exit $status
