# Without the helper program an archive is named and skipped.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" docs.tar
mkdir empty
KWIC_HELPERS=$PWD/empty kwic index docs.tar
echo "status $?"
KWIC_HELPERS=$PWD/empty kwic index data/articles
