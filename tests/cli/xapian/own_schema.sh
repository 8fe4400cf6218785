# What says how other programs' databases are read is not for an index of kwic's own.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
kwic index -q -i own data/articles
kwic index -q -i xapian:db data/articles
for where in own xapian:db; do
    kwic search -i "$where" --schema plain -l harbour
    kwic stats -i "$where" --schema omega
    kwic search -i "$where" --prefix heading:S -l harbour
done
kwic search -q -i own -i xapian:db -l harbour >/dev/null
