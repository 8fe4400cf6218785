# A damaged database is told as such.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
kwic index -q -i xapian:db data/articles
head -c 40 db/iamglass >cut
cp cut db/iamglass
kwic index -i xapian:db data/articles
