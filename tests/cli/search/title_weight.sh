# A word in the title counts more; with a weight of 0 it does not.
printf '{"id":"a","title":"Mill","text":"a bridge"}\n{"id":"b","title":"Bridge","text":"a mill"}\n' >d.jsonl
kwic index -q d.jsonl
kwic search --format trec mill | cut -d ' ' -f 3,4
kwic search --format trec --title-weight 0 mill | cut -d ' ' -f 3,5
kwic search --format trec --title-weight 0 bridge | cut -d ' ' -f 3,5
