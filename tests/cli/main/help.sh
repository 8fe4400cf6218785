# The commands of the program.
kwic --help
