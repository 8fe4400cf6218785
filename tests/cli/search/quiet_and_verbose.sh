# Neither touches the results.
kwic index -q data/articles
kwic search -q -l roses
kwic search -v -q -l roses
