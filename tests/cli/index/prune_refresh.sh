# --prune without a path.
kwic index -q data/articles data/notes
rm -r data/notes
kwic index --prune
kwic search -l lamp
