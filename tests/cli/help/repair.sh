# The options of repair.
kwic repair --help
