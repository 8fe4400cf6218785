# There is no such engine here.
kwic index -i xapian:db data
kwic search -i xapian://localhost:7777 border
KWIC_INDEX=xapian:db kwic search border
