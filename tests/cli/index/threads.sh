# However many threads and however little memory, the index is the same, byte by byte.
kwic index -q --threads 1 --memory 1G -i one data/articles data/records.jsonl
for threads in 2 3 7; do
    kwic index -q --threads $threads --memory 128M -i some data/articles data/records.jsonl
    diff -r one some || exit 1
    rm -r some
done
kwic index -q --threads 0 -i some data/articles
echo $?
