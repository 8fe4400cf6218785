# A database keeps the settings and types of its first run.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
kwic index -q -i xapian:db --lang german --field year:number data/articles
kwic index -i xapian:db --lang english data/articles
echo $?
kwic index -i xapian:db --keep-accents data/articles
echo $?
kwic index -i xapian:db --field year:date data/articles
echo $?
kwic index -i xapian:db --lang de data/articles
