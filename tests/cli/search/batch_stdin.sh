# From standard input, each answered at once.
cd data && kwic index -q articles
coproc kwic search --batch - -c
echo 'a	roses' >&"${COPROC[1]}"
read -r -t 20 -u "${COPROC[0]}" line
echo "$line"
echo 'b	heroin' >&"${COPROC[1]}"
read -r -t 20 -u "${COPROC[0]}" line
echo "$line"
