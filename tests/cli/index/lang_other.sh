# The language of an index stays.
kwic index -q data/articles
kwic index --lang none data/notes
