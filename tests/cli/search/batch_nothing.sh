# Nothing found by any query.
kwic index -q data/articles
printf 'zeppelin\nsubmarine\n' | kwic search --batch - -l
