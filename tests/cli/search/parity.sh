# --parity xapian: scores worked out by kwic-query(7), and what is refused.
printf '%s\n' '{"id":"a","text":"one two two three"}' '{"id":"b","text":"two three","title":"one"}' \
    '{"id":"c","text":"three three one two four five six seven eight nine"}' '{"id":"d","text":"ten"}' |
    kwic index -q -
score() {
    kwic search --parity xapian -q --format tsv --precise -- "$@" | cut -f 2,3 | tr '\t\n' '  '
    echo
}
score =two
score =two =two
score '"two three"'
score '=two NEAR/3 =one^2'
score 't*'
score 'title:one =ten'
score '+=three -"two three"'
kwic search --parity xapian -q --explain --precise --format text -n 1 '"two three" =ten' | head -5
for query in 'two~1' '"one three"~2' 'two NEAR/3 t*' 'one NEAR two NEAR three'; do
    kwic search --parity xapian "$query" || echo "status $?"
done
kwic search --parity xapian --min 2 one two three || echo "status $?"
kwic search --parity xapian --k1 2 one || echo "status $?"
kwic why --parity xapian --plain --id a one || echo "status $?"
kwic search --parity lucene one || echo "status $?"
printf '1\ttwo~1\n2\t=ten\n' | kwic search --parity xapian --batch - --format trec || echo "status $?"
