# Not a pair, and not a key.
kwic index --map body data
kwic index --map author=writer data
kwic index --map text= data
