# What is no Xapian database, no place of one, or none of kwic's own.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
try() {
    kwic "$@"
    echo "status $?"
}
try delete -i xapian:db nowhere
try index -i xapian:data/articles data/articles
try index -i xapian:data/long.txt data/articles
try index -i xapian:nowhere/db data/articles
try index -i xapian: data/articles
try index -i xapian://localhost data/articles
try index -i xapian://localhost:0 data/articles
try index -i xapian:db --lang klingon data/articles
[ -e db ] || echo 'no database was left'
