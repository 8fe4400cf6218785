# All is well.
kwic index -q data
kwic check
kwic check -q
