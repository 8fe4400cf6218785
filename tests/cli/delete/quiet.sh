# Not a word.
kwic index -q data/articles
kwic delete -q data/articles/garden.txt
