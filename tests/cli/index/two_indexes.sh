# One can be written at a time.
kwic index -i a -i b data
