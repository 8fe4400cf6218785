# Queries with and without an id.
cd data && kwic index -q articles
kwic search --batch queries.tsv --format trec
