# A path that is not there is named, the others are indexed.
kwic index nowhere.txt data/articles
status=$?
kwic search -l roses
exit $status
