# The options of show.
kwic show --help
