# Vanished files stay until --prune.
kwic index -q data/articles
rm data/articles/garden.txt
kwic index -q data/articles
kwic search -l roses
kwic index --prune data/articles
kwic search -l roses
