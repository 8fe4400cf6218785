# A query that an option swallows: the way to write it is told.
kwic index -q data/articles
kwic search -iraq; echo $?
kwic search -iraq border; echo $?
kwic search -c -- -iraq
