# Without a path, what is known is refreshed.
kwic index -q data/articles data/notes
echo "Poppies." >>data/notes/readme.md
echo "Poppies." >data/articles/new.txt
kwic index
kwic search -l poppies
