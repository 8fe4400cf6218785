# Without an index.
cp data/queries.tsv .
printf 'q1 0 x 1\n' >r
kwic eval queries.tsv r
