# Every term, in byte order.
kwic index -q data/notes
kwic terms
