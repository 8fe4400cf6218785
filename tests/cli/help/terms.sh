# The options of terms.
kwic terms --help
