# BM25's b lies between 0 and 1, its k1 is not negative; a time is not either.
kwic search --b 1.5 border
kwic search --k1=-1 border
kwic index --wait=-1 data
