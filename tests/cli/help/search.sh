# The options of search.
kwic search --help
