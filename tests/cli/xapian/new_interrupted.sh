# A run that is killed before its first commit leaves a folder that the next run takes.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
set -m
mkfifo pipe
kwic index -i xapian:db - <pipe &
process=$!
disown
set +m
{
    for ((i = 0; i < 3000; i++)); do
        echo "{\"id\":\"s$i\",\"text\":\"ferry\"}" || break
        sleep 0.02
    done
} >pipe 2>/dev/null &
until [ -e db/iamglass ]; do sleep 0.05; done
sleep 0.2
kill -KILL $process
while kill -0 $process 2>/dev/null; do sleep 0.05; done
kwic index -i xapian:db data/articles
