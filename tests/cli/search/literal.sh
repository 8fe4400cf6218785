# Every character is text.
kwic index -q data/articles
kwic search -l --literal 'border -guards' --sort id
kwic search -l 'border -guards' --sort id
