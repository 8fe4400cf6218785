# An interrupt stops cleanly; the database is as it was.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
kwic index -q -i xapian:db data/articles
set -m
mkfifo pipe
kwic index --wait 60 -i xapian:db - <pipe &
process=$!
set +m
{
    for ((i = 0; i < 3000; i++)); do
        echo "{\"id\":\"s$i\",\"text\":\"ferry\"}" || break
        sleep 0.02
    done
} >pipe 2>/dev/null &
until kwic delete -q -i xapian:db nowhere 2>/dev/null; [ $? = 4 ]; do sleep 0.05; done
sleep 0.2
kill -INT $process
wait $process
echo $?
kwic delete -i xapian:db s0
kwic index -i xapian:db data/articles
