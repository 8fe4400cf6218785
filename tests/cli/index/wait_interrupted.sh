# Who waits for another writer can be interrupted at once.
mkfifo pipe
kwic index -q data/articles
kwic index -q --wait 60 - <pipe &
exec 3>pipe
until kwic delete -q nowhere 2>/dev/null; [ $? = 4 ]; do sleep 0.05; done
set -m
kwic index --wait 1000 data/notes &
process=$!
set +m
sleep 0.5
kill -INT $process
wait $process
echo $?
exec 3>&-
wait
