# The options of why.
kwic why --help
