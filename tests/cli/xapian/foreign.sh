# A database that another program made is searched as what it is said to be, and left as it is.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
command -v scriptindex >/dev/null || { echo "xapian-omega is not installed"; exit 77; }
cat >fields <<'END'
url : field boolean=U unique=U
caption : field index=S
sample : field index
END
cat >input <<'END'
url=/one.html
caption=Great rivers
sample=Rivers flow to the sea past jane@example.com.

url=/two.html
caption=Bridges
sample=Bridges stand over rivers.
END
scriptindex -s english db fields input >/dev/null
kwic search -i xapian:db river
kwic search -i xapian:db --schema lucene river
kwic search -i xapian:db --schema omega '"example.com"'
kwic search -i xapian:db --schema omega -l great
kwic search -i xapian:db --schema plain --prefix heading:S -l heading:bridges
kwic show -i xapian:db --schema omega --id /two.html
kwic terms -i xapian:db --schema omega --stems br
kwic why -i xapian:db --schema omega --id /two.html sea
kwic similar -i xapian:db --schema omega --id /one.html -l
kwic stats -i xapian:db --schema omega | grep -E '^(documents|words|schema|language)'
kwic check -i xapian:db
kwic index -i xapian:db data/articles
kwic delete -i xapian:db /one.html
