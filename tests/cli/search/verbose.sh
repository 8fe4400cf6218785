# -v tells how many and how fast.
kwic index -q data/articles
kwic search -v -l roses
