# With standard error closed, no message can end up in an index.
kwic index -q data/articles 2>&-
kwic index nowhere 2>&-
echo $?
kwic check -q && kwic search -c border
