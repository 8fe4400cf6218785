# One that is not there is named, the others are deleted.
kwic index -q data/articles
kwic delete nowhere data/articles/garden.txt
status=$?
kwic search -c roses
exit $status
