# Programs are told how far it is by objects, a line each; warnings are such too.
printf '%s\n' '{"id":"a","text":"ferry"}' 'nonsense' '{"id":"b","text":"two ferries"}' >r.jsonl
numbers='s/"(rate|seconds|left)":[0-9.]+/"\1":0/g'
kwic index -q --progress jsonl r.jsonl 2>&1 | sed -E "$numbers"
kwic index --progress jsonl data/articles 2>&1 | sed -E "$numbers; s/,\"path.*/,…/"
kwic index --progress none data/notes
kwic index --progress dots data/notes
