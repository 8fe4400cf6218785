# tsv, counts and lists begin with the query's id.
cd data && kwic index -q articles
kwic search --batch queries.tsv --format tsv -n 1 | cut -c 1-40
kwic search --batch queries.tsv -c
kwic search --batch queries.tsv -l -n 1
