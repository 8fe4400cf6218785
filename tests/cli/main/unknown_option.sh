# An option before the command.
kwic --frobnicate
