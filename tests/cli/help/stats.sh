# The options of stats.
kwic stats --help
