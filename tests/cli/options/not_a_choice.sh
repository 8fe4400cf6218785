# A name that an option does not know.
kwic search --format xml border
kwic search --sort size border
kwic index --encoding ebcdic data
kwic search --color blue border
