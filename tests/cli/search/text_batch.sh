# Each query has its heading.
cd data && kwic index -q articles
kwic search --batch queries.tsv -n 1
