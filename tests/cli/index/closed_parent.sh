# An index is made in a folder of the user's that stands in one that the user may not list.
if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || { echo "no setpriv"; exit 77; }
    chown -R 65534:65534 .
    as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
else
    as_user() { "$@"; }
fi
as_user kwic --version >/dev/null 2>&1 || { echo "the program is not for other users"; exit 77; }
mkdir closed
as_user mkdir -p closed/mine 2>/dev/null || { mkdir closed/mine; chown 65534:65534 closed/mine; }
chmod 311 closed
as_user kwic index -i closed/mine data/articles
status=$?
as_user kwic search -i closed/mine -l roses
chmod 700 closed
exit $status
