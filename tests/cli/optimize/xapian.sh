# A Xapian database is refused.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
kwic index -q -i xapian:db data/articles
kwic optimize -i xapian:db
