# Or many documents.
kwic index -q - <data/records.jsonl
kwic search -l --sort id bridge
