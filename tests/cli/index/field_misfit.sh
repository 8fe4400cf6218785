# A value of another type is stored and named once; the status tells if the type was asked for.
printf '%s\n' '{"id":"a","year":2006}' '{"id":"b","year":"unknown"}' '{"id":"c","year":[2007,"late"]}' >r.jsonl
kwic index r.jsonl
echo $?
kwic search -l 'year:2006..2007'
kwic show --fields --id b
kwic index -i other --field year:date r.jsonl
