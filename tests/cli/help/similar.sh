# The options of similar.
kwic similar --help
