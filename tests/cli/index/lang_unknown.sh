# There is no stemmer for it.
kwic index --lang klingon data/articles
