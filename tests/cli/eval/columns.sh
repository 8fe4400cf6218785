# Three columns with tabs, under a heading or not; ids with spaces; white space is equal to `_`.
cd data
printf '{"id":"a b","text":"roses"}\n{"id":"c","text":"roses and thorns"}\n' >d.jsonl
kwic index -q d.jsonl
printf 'q 1\troses\n' >q
printf 'query-id\tcorpus-id\tscore\nq 1\ta b\t1\n' >three
printf 'q_1 0 a_b 1\r\n' >four
kwic eval --format trec q three | grep map
kwic eval --format trec q four | grep map
