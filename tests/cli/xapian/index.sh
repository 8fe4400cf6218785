# A run into a Xapian database reads what is new or has changed, and nothing else.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
kwic index -i xapian:db data/articles
kwic index -i xapian:db data/articles
echo 'More of the bridge.' >>data/articles/$(ls data/articles | head -n 1)
kwic index -i xapian:db data/articles
kwic index -i xapian:db
rm "data/articles/$(ls data/articles | tail -n 1)"
kwic index -i xapian:db --prune data/articles
kwic index -i xapian:db data/records.jsonl
kwic index -i xapian:db data/records.jsonl
ls db
