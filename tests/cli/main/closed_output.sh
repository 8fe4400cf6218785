# The same where standard output is closed.
kwic --help >&-
