# What does not parse is taken as text, with a note.
kwic index -q data/articles
kwic search -l '"border guards'
kwic search -l -q '"border guards'
