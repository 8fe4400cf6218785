# Nothing in it.
kwic analyze ''
