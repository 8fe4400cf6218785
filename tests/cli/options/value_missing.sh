# An option without its value, long and short.
kwic search --limit
kwic search -n
