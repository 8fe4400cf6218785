# After the first word a dash is part of the query.
kwic index -q data/articles
kwic search -l --sort id heroin
kwic search -l heroin -iraq
kwic search heroin -l
