# Paths, each once.
kwic index -q data/long.txt data/articles
kwic search -l --per-doc 0 lighthouse OR border
