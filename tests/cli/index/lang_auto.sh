# Each document has a language of its own, and a plain word finds its forms in all of them.
cp -r "$TESTS"/../analysis/languages texts
kwic index -q --lang auto texts
for file in texts/*; do
    kwic show --format json "$file" | grep -o '"doc":"[^"]*"\|"language":"[^"]*"' | tr '\n' ' '
    echo
done
kwic stats | grep '^language'
for query in guard Grenzwächtern guardia łodzi 警備 ящик village IŞIK ışık 88; do
    echo "== $query"
    kwic search -l "$query" | sort
done
echo "== --lang"
kwic search -l --lang fr gardes
kwic search -l --lang english gardes
kwic search -l --lang finnish gardes
kwic search --lang klingon gardes
kwic terms --stems guard
kwic check
