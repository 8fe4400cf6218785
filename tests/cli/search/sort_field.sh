# By a field, its values rising or falling; documents without one come last.
printf '%s\n' '{"id":"a","text":"tin","price":10,"kind":"b"}' '{"id":"b","text":"tin tin","price":9.5,"kind":["a","c"]}' \
    '{"id":"c","text":"tin"}' '{"id":"d","text":"tin tin tin tin","price":-1,"kind":"b"}' >r.jsonl
kwic index -q r.jsonl
for order in price price:desc kind kind:desc kind:asc lang score; do
    echo "$order:" $(kwic search -l --sort $order tin)
done
echo $(kwic search -l -n 2 --offset 1 --sort price:desc tin)
