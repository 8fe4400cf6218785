# An index that becomes shorter while it is in use ends the program with a message.
kwic index -q data/long.txt data/articles
coproc kwic search --batch - -l
echo 'a	heroin' >&"${COPROC[1]}"
read -r -t 20 -u "${COPROC[0]}" _
process=$COPROC_PID
find .kwic -type f ! -name '*lock' -exec truncate -s 0 {} +
echo 'b	lighthouse' >&"${COPROC[1]}"
wait "$process"
echo "status $?"
