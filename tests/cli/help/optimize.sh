# The options of optimize.
kwic optimize --help
