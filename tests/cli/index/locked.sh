# A second writer is refused at once, or after its time.
mkfifo pipe
kwic index -q data/articles
kwic index -q --wait 60 - <pipe &
exec 3>pipe
until kwic delete -q nowhere 2>/dev/null; [ $? = 4 ]; do sleep 0.05; done
kwic index data/notes
echo $?
kwic index --wait 0.3 data/notes
echo $?
kwic delete data/articles/garden.txt
echo $?
exec 3>&-
wait
