# Either a file of queries or a query.
kwic search --batch data/queries.tsv border
