# From standard input.
printf "Don't stop at caf\xc3\xa9s." | kwic analyze
