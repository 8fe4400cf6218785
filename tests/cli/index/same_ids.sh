# An id that another source owns is skipped and named.
echo '{"id":"r1","text":"a second bridge"}' >data/second.jsonl
kwic index -q data/records.jsonl
kwic index data/second.jsonl
status=$?
kwic search -l second
exit $status
