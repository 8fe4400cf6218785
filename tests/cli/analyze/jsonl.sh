# As objects.
kwic analyze --format jsonl 'Border guards'
