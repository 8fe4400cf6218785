# --explain in the forms for scripts; the other forms have none of it.
kwic index -q data/articles
kwic search --explain --format jsonl -n 1 heroin train^2 the
kwic search --explain --format json -n 1 lang:english | sed 's/"time_ms":[0-9.]*/"time_ms":0/; s/.*"fields"/"fields"/; s/"fields":{[^}]*}//'
kwic search --explain --format tsv heroin
kwic search --explain -l heroin
