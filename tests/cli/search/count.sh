# The exact number, whatever the limit.
kwic index -q data/articles
kwic search -c -n 1 border OR heroin
kwic search --count zeppelin
