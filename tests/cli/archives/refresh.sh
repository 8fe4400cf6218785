# A changed archive gives its documents anew, and what is no longer in it goes; one that is as it was is not read.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" docs.tar
kwic index docs.tar
kwic index docs.tar
python3 "$TESTS/archives/make.py" less.tar
mv less.tar docs.tar
kwic index
kwic search -q -l --sort id "guards OR lamp OR ships OR record"
rm docs.tar
kwic index
kwic index --prune
kwic stats | head -1
