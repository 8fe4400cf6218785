# The values of fields and how many matches have them.
printf '%s\n' '{"id":"a","text":"tin","price":10,"kind":"b"}' '{"id":"b","text":"tin tin","price":9.5,"kind":["a","b"]}' \
    '{"id":"c","text":"tin","on":"2007-01-01"}' '{"id":"d","text":"tin","price":10.0,"kind":"c\td"}' '{"id":"e","kind":"z"}' >r.jsonl
kwic index -q r.jsonl 2>/dev/null
kwic search -n 0 --facet kind --facet price --facet on tin
kwic search -n 1 --facet kind --facet-limit 1 tin
kwic search -n 0 --format json --facet price --facet kind --facet price tin | sed 's/"time_ms":[0-9.]*/"time_ms":0/'
kwic search -n 0 --format json --facet kind none | sed 's/"time_ms":[0-9.]*/"time_ms":0/'
