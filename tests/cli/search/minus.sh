# After the first word a dash is part of the query; a note tells of a short option there.
kwic index -q data/articles
kwic search -l --sort id heroin
kwic search -l heroin -iraq
kwic search heroin -l
kwic search -l heroin -q=x -y
kwic search -q -l heroin -l
kwic search -l -- heroin -l 2>&1 | grep -c taken
true
