# Neighbouring words of the query count more where they stand near each other.
printf '{"id":"a","text":"the mill where nobody knew of any other old bridge"}\n' >d.jsonl
printf '{"id":"b","text":"the bridge of the mill nobody knew where any other was"}\n' >>d.jsonl
kwic index -q d.jsonl
kwic search -q -l mill bridge
kwic search -q --near-weight 0 -l mill bridge
kwic search -q --near-weight 0 -l mill of bridge
kwic search -q -l mill of bridge
