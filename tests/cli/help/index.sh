# The options of index.
kwic index --help
