# Stub files beside one another are indexes of their own; one that is named twice is taken once.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
kwic index -q -i xapian:one data/articles
kwic index -q -i xapian:two data/records.jsonl
echo 'auto one' >first
echo 'auto two' >second
for where in first second; do kwic search -q -c -i xapian:$where 'the OR a OR -nothing'; done
kwic search -q -c -i xapian:first -i xapian:second 'the OR a OR -nothing'
kwic search -q -c -i xapian:one -i "xapian:$PWD/one" 'the OR a OR -nothing'
kwic stats -i xapian:first | head -n 2
