# Those that begin so.
kwic index -q data/articles
kwic terms bo
kwic terms -n 2 h
