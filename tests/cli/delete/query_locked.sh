# Another writer is waited for before anything is searched, so that all of its work is seen.
kwic index -q data/articles
mkfifo pipe
kwic index -q --wait 60 - <pipe &
exec 3>pipe
echo 'one more bridge' >&3
while kwic delete -q --query nothing 2>/dev/null; [ $? != 4 ]; do sleep 0.05; done
kwic delete --query bridge
echo $?
kwic delete --query 'one more bridge' --all --wait 60 3>&- &
sleep 0.3
exec 3>&-
wait
kwic search -q -c '"one more bridge"'
