# What was deleted by hand stays out until it is named again.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
first=data/articles/$(ls data/articles | head -n 1)
kwic index -q -i xapian:db data/articles
kwic delete -i xapian:db "$first"
kwic delete -i xapian:db "$first"
kwic index -i xapian:db
kwic index -i xapian:db "$first"
