# Unchanged files are not read again, changed ones are.
kwic index -q data/articles
kwic index data/articles
echo "A new line on poppies." >>data/articles/garden.txt
kwic index data/articles
kwic search -l poppies
