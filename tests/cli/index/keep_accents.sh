# Terms keep accents if asked, and the index remembers it.
printf 'The résumé of Zoë\n' >one.txt
printf 'They resume work\n' >two.txt
kwic index -q -i folded one.txt two.txt
kwic index -q -i kept --keep-accents one.txt two.txt
for index in folded kept; do
    echo "== $index"
    kwic search -i $index -l resume
    kwic search -i $index -l '"résumé"'
    kwic stats -i $index | grep ^accents
done
kwic index -q -i folded --keep-accents one.txt
kwic index -q -i kept one.txt && kwic search -i kept -l '"zoë"'
kwic search -i kept -i folded work
kwic analyze --keep-accents --lang french 'Élèves'
