# Of an option that is given again, the later one holds.
kwic index -q data/articles
kwic search -n 1 --limit 2 --format tsv --format jsonl -l -c border --format text
