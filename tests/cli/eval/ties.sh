# Of equal scores the later id comes first, as trec_eval has it.
cd data
printf '{"id":"a","text":"roses"}\n{"id":"b","text":"roses"}\n{"id":"c","text":"roses"}\n' >d.jsonl
kwic index -q d.jsonl
printf 'q\troses\n' >q
printf 'q 0 b 1\n' >r
kwic eval --format trec q r | grep recip
printf 'q 0 c 1\n' >r
kwic eval --format trec q r | grep recip
