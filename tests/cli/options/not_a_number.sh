# Numbers are whole, without a sign and within reach.
kwic search -n ten border
kwic search --offset=-1 border
kwic search -n 99999999999999999999999 border
