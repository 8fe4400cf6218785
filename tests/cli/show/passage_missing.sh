# It has not so many.
kwic index -q data/long.txt
kwic show --passage 4 data/long.txt
