# Several indexes.
kwic index -q -i a data/articles
kwic index -q -i b data/notes
kwic check -i a -i b
