# Of a field.
kwic index -q data/records.jsonl
kwic terms --field author
