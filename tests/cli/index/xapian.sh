# No module for it is there.
export KWIC_HELPERS=$PWD
kwic index -i xapian:db data
kwic search -i xapian://localhost:7777 border
kwic check -i xapian:db
KWIC_INDEX=xapian:db kwic index data
KWIC_INDEX=xapian:db kwic search border
