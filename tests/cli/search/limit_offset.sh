# Pages of results.
kwic index -q data/articles
kwic search --format trec 'a OR the'
echo
kwic search --format trec -n 1 'a OR the'
kwic search --format trec -n 1 --offset 1 'a OR the'
kwic search --format trec --offset 99 'a OR the'
