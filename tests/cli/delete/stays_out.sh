# A deleted document stays out until it is named again.
kwic index -q data/articles
kwic delete -q data/articles/garden.txt
kwic index -q
kwic search -l roses
kwic index -q data/articles/garden.txt
kwic search -l roses
