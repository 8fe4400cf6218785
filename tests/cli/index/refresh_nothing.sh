# There is nothing to refresh, and no index comes into being.
kwic index
echo $?
ls -a
