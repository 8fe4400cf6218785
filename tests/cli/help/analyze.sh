# The options of analyze.
kwic analyze --help
