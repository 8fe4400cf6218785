# Each result names its query.
cd data && kwic index -q articles
kwic search --batch queries.tsv --format jsonl -n 1 | sed 's/"score.*//'
