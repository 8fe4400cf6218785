# A file that is not there.
kwic index -q data/articles
kwic search --batch nowhere.tsv
