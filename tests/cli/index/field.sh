# The types of fields: by their first value, or as asked for; the index remembers them.
printf '%s\n' '{"id":"a","year":2006,"when":"2006-05-01","author":"Ann Lee","tags":["x","y"],"isbn":"007"}' \
    '{"id":"b","year":"2007","when":"2007","author":"Bo Ek","tags":"y","isbn":"8"}' >r.jsonl
kwic index -q --field isbn:number --field author:keyword r.jsonl
kwic stats | sed -n '/^type/,/^$/p'
kwic stats --format json | python3 -c 'import json,sys; print([f["name"] for f in json.load(sys.stdin)["fields"] if f["asked"]])'
kwic search -l 'isbn:7'
kwic search -l 'year:>=2007'
kwic search -l 'when:2007'
kwic search -l 'author:Ann*'
kwic search -l 'tags:x'
