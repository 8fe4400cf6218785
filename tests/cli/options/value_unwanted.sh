# A value where none belongs.
kwic search --count=3 border
