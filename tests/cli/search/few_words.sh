# Of a single phrase or NEAR the words are counted; of a single word there is nothing to say.
cd data && kwic index -q articles notes records.jsonl long.txt
kwic search -c '"the ligthouse at the border"'; kwic search -c 'border NEAR/1 (zebra OR =guards OR gu*)'
kwic search -c 'title:"harbour lights"'; kwic search -c 'zebras'; kwic search -c '"a b c d e f g h i j"'
