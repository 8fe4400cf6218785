# No index, two indexes, operands, and an index that another process writes to.
kwic optimize
echo $?
kwic optimize .kwic
echo $?
kwic optimize -i a -i b
echo $?
mkfifo pipe
kwic index -q data/articles
kwic index -q --wait 60 - <pipe &
exec 3>pipe
until kwic delete -q nowhere 2>/dev/null; [ $? = 4 ]; do sleep 0.05; done
kwic optimize
echo $?
kwic optimize --wait 0.2
echo $?
exec 3>&-
wait
