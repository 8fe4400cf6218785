# Queries side by side give what they give one after another: answers, messages and status.
cd data && kwic index -q articles records.jsonl
for i in 1 2 3 4 5 6 7 8; do
    printf 'b%d\t(border\n' $i # wrong under --strict: nothing is rendered before the first right one
done >many.tsv
for i in $(seq 40); do
    printf 'a%d\theroin trade\nw%d\t(border guards\nn%d\tzzyzx%d\nc%d\t"border guards" date:>=%d\n\n' \
        "$i" "$i" "$i" "$i" "$i" $((1980 + i))
done >>many.tsv
try() {
    kwic search --batch many.tsv "$@" --threads 1 >one.out 2>one.err
    one=$?
    for threads in 2 3 7; do
        kwic search --batch many.tsv "$@" --threads $threads >more.out 2>more.err
        more=$?
        cmp one.out more.out && cmp one.err more.err && [ $one = $more ] || echo "$* $threads differ"
    done
    echo "$*: status $one, $(wc -l <one.out) lines, $(wc -l <one.err) messages"
}
try --format jsonl
try --format text -n 3
try --format tsv --strict
try --strict
try --format trec -n 1000 --sort id
try -c
try -l -q
