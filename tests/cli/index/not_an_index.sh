# A folder that is not an index is left alone.
kwic index -i data data/articles
status=$?
ls data
exit $status
