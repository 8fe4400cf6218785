# By id, several at once.
kwic index -q data/records.jsonl
kwic delete --id r1 r2
kwic search -l --sort id 'bridge OR ferry OR tunnels'
