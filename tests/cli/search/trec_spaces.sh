# An id with white space would break its lines.
printf '{"id":"a b\\tc","text":"ferry"}\n' >a.jsonl
kwic index -q a.jsonl
kwic search --format trec ferry
