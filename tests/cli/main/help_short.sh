# -h is --help.
kwic -h | head -n 1
