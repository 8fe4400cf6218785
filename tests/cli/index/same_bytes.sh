# The same files, times included, give the same segment; another time gives another one.
kwic index -q -i one data/articles data/records.jsonl
cp -Rp data copy && mv data away && mv copy data
kwic index -q -i two data/articles data/records.jsonl
cmp one/segment-1 two/segment-1 && echo the same
touch -d @1300000000 data/articles/garden.txt
kwic index -q -i three data/articles data/records.jsonl
cmp -s one/segment-1 three/segment-1 || echo another
