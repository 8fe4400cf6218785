# --id: a path from here is not looked up.
kwic index -q data/notes
cd data
kwic show --id notes/readme.md
