# While another writes, a writer waits as long as it is told, and gives up with status 4.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
mkfifo ready go
kwic index -q -i xapian:db data/articles
python3 - <<'END' &
import fcntl
with open("db/flintlock", "r+b") as lock:
    fcntl.lockf(lock, fcntl.LOCK_EX)
    open("ready", "w").close()
    open("go").close()
END
cat ready
kwic index -i xapian:db data/articles
echo $?
kwic index --wait 0.2 -i xapian:db data/articles
echo $?
kwic index --wait 60 -i xapian:db data/articles &
sleep 0.2
: >go
wait %2
echo $?
