# Records by their ids.
kwic index -q data/records.jsonl
kwic search -l --sort id the OR a OR no
