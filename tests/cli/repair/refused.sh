# No index, operands, a Xapian database, a damaged manifest, and an index that another process
# writes to.
kwic repair
echo $?
kwic repair .kwic
echo $?
kwic repair -i a -i b
echo $?
kwic repair -i xapian:db
echo $?
mkfifo pipe
kwic index -q data/articles
kwic index -q --wait 60 - <pipe &
exec 3>pipe
until kwic delete -q nowhere 2>/dev/null; [ $? = 4 ]; do sleep 0.05; done
kwic repair
echo $?
exec 3>&-
wait
printf 'XXXXXXXX' | dd of=.kwic/manifest bs=1 seek=4100 conv=notrunc 2>/dev/null
kwic repair
echo $?
