# An interrupt stops cleanly; the index is as it was.
kwic index -q data/articles
set -m
mkfifo pipe
kwic index --wait 60 - <pipe &
process=$!
set +m
{
    for ((i = 0; i < 3000; i++)); do
        echo "{\"id\":\"s$i\",\"text\":\"ferry\"}" || break
        sleep 0.02
    done
} >pipe 2>/dev/null &
until kwic delete -q nowhere 2>/dev/null; [ $? = 4 ]; do sleep 0.05; done
sleep 0.2
kill -INT $process
wait $process
echo $?
kwic check -q
kwic search -c ferry
kwic search -c roses
