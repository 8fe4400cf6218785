# By path, from anywhere.
kwic index -q data/articles
cd data/articles
kwic delete garden.txt
kwic search -c roses
kwic search -c heroin
kwic check
