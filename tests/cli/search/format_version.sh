# Version 1 is there, others are not.
kwic index -q data/articles
kwic search --format trec --format-version 1 roses
kwic search --format jsonl --format-version 2 roses
