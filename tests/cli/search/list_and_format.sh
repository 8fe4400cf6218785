# A list has no other format.
kwic search -l --format jsonl border
kwic search -c --format json border
