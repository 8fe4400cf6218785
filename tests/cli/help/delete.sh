# The options of delete.
kwic delete --help
