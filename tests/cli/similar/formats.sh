# The formats of a search; the query is the document that was given.
cd data && kwic index -q articles
kwic similar --format json -n 1 articles/border.txt | sed 's/"time_ms":[0-9.]*/"time_ms":0/'
kwic similar --format tsv --precise articles/border.txt
kwic similar --format trec --tag like articles/border.txt
