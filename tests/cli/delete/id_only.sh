# --id: a path from here is not looked up.
kwic index -q data/notes
cd data
kwic delete --id notes/readme.md
kwic delete --id data/notes/readme.md
