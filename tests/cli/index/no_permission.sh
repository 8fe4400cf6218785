# A folder without permission is skipped and named.
if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || { echo "no setpriv"; exit 77; }
    chown -R 65534:65534 .
    as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
else
    as_user() { "$@"; }
fi
as_user kwic --version >/dev/null 2>&1 || { echo "the program is not for other users"; exit 77; }
chmod 000 data/notes data/articles/border.txt
as_user kwic index data
status=$?
as_user kwic search -l roses
exit $status
