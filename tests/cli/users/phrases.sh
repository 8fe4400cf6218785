# pisa #584: no phrase queries, so a benchmark that has them cannot be run. Here a file of queries runs
# with its phrases, words that every text holds among them, and is measured.
printf '{"id":"%s","text":"%s"}\n' \
    d1 'To be, or not to be: that is the question.' \
    d2 'Not to be or to be is no question that is asked.' \
    d3 'The border guards of the north.' \
    d4 'The guards at the border, and the north.' \
    d5 'To be or not to.' >d.jsonl
kwic index -q d.jsonl
printf '%s\t%s\n' 1 '"to be or not to be"' 2 '"border guards"' 3 '+"the north" guards -"border guards"' \
    4 '"guards border"' 5 '"to be or" "the question"' 6 'question' >queries
printf '%s 0 %s 1\n' 1 d1 2 d3 3 d4 5 d1 5 d5 6 d1 6 d2 >qrels
kwic search --batch queries -c
kwic search --batch queries --format trec | cut -d ' ' -f 1-4
kwic eval queries qrels
