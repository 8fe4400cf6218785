# As objects.
kwic index -q data/articles
kwic terms --format jsonl ro
