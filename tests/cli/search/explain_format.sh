# --explain is for people.
kwic index -q data/articles
kwic search --explain --format jsonl heroin
