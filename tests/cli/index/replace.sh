# Unless --replace.
echo '{"id":"r1","text":"a second bridge"}' >data/second.jsonl
kwic index -q data/records.jsonl
kwic index --replace data/second.jsonl
kwic show --id r1
