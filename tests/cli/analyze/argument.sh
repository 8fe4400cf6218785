# The tokens of a text.
kwic analyze 'Guards ran, the guard RUNS.'
