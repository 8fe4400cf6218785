# The options of check.
kwic check --help
