# Who waits long enough gets in.
mkfifo pipe
kwic index -q data/articles
kwic index -q --wait 60 - <pipe &
exec 3>pipe
until kwic delete -q nowhere 2>/dev/null; [ $? = 4 ]; do sleep 0.05; done
(sleep 0.5; echo "A ferry.") >&3 &
exec 3>&-
kwic index -q --wait 30 data/notes
echo $?
wait
kwic search -l --sort id 'ferry OR lamp'
