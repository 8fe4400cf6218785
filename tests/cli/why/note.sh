# What is taken otherwise than it is written is noted as by a search; -q says nothing of it.
printf '%s\n' '{"id":"a","text":"x","v":5}' >a.jsonl && printf '%s\n' '{"id":"b","text":"x","v":"2007-10"}' >b.jsonl
kwic index -q -i A a.jsonl && kwic index -q -i B b.jsonl
kwic search -i A -i B --all 'v:five x'
kwic why -i A -i B --all a 'v:five x'
kwic why -i A -i B -q a '"x'
kwic why -i A -i B --format json b '"x AND'
