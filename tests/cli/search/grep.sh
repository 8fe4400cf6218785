# The place of the first match.
cd data && kwic index -q articles long.txt
kwic search --format grep heroin
kwic search --format grep --per-doc 0 lighthouse | cut -d: -f 1-3
grep -n lighthouse long.txt
