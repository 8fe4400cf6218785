# One object.
cd data && kwic index -q articles
kwic search --format json -n 1 border guards | sed 's/"time_ms":[0-9.]*/"time_ms":0/; s/"fields".*/"fields".../'
kwic search --format json nowhere | sed 's/"time_ms":[0-9.]*/"time_ms":0/'
