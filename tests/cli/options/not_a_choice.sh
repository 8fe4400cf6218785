# A name that an option does not know.
kwic search --format xml border
kwic index --encoding ebcdic data
kwic search --color blue border
