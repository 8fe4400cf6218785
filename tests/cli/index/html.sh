# The title and the visible text.
kwic index -q data/web
kwic search --format jsonl windmill | sed 's/"fields":.*//'
kwic search -c heroin
