# No document given.
kwic show
