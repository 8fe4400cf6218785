# -q: not a word.
kwic index -q data/articles
