# All ways to write a value.
kwic index -q data/articles
kwic search -n1 -l border
kwic search -n 1 -l border
kwic search --limit=1 -l border
kwic search --limit 1 -l border
kwic search -ln1 border
