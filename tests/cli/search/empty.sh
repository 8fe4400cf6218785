# An empty query is bad usage.
kwic index -q data/articles
kwic search ''
echo $?
kwic search
