# A disk that is full: an error, and the index as it was.
for ((i = 0; i < 3000; i++)); do echo "{\"id\":\"$i\",\"text\":\"ferry $i the border $((i * 7919))\"}"; done >a.jsonl
for ((i = 3000; i < 6000; i++)); do echo "{\"id\":\"$i\",\"text\":\"ferry $i the border $((i * 7919))\"}"; done >b.jsonl
kwic index -q -i a a.jsonl
kwic index -q -i a b.jsonl
kwic search -i a --format jsonl 'ferry 4711' >before
ls a >files
(
    trap '' XFSZ
    ulimit -f $(($(stat -c %s a/segment-1) / 1024 + 20))
    kwic optimize -i a
    echo $?
)
ls a | cmp - files
kwic search -i a --format jsonl 'ferry 4711' | cmp - before
kwic check -q -i a
kwic optimize -q -i a
kwic search -i a --format jsonl 'ferry 4711' | cmp - before
kwic stats -i a | grep ^segments
