# Nothing found.
kwic index -q data/articles
kwic search zeppelin
