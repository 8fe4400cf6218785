# Killed at any moment, the index is whole: as it was, or optimized.
for ((i = 0; i < 60; i++)); do
    for ((j = 0; j < 400; j++)); do echo "{\"id\":\"$i-$j\",\"text\":\"ferry $j of $i the border w$((i * j % 997))\"}"; done
done >records.jsonl
for part in 1 2 3 4; do
    sed -n "$((part * 6000 - 5999)),$((part * 6000))p" records.jsonl >part$part.jsonl
    kwic index -q -i whole part$part.jsonl
done
kwic search -i whole --precise --format jsonl -n 50 'ferry border w99' >expected
optimized=0
for ((i = 0; i < 40; i++)); do
    [ $((i % 10)) = 0 ] && rm -rf a && cp -r whole a
    kwic optimize -q -i a &
    process=$!
    sleep "0.0$((i * 7 % 30 + 1))"
    kill -KILL $process 2>/dev/null
    wait $process 2>/dev/null
    kwic search -i a --precise --format jsonl -n 50 'ferry border w99' | cmp - expected || exit 1
    kwic check -q -i a || exit 1
done
kwic optimize -q -i a
kwic stats -i a | grep ^segments
kwic search -i a --precise --format jsonl -n 50 'ferry border w99' | cmp - expected
ls a | wc -l
