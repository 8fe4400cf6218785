# An archive that was named once is kept up to date by every walk.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
mkdir folder
python3 "$TESTS/archives/make.py" folder/docs.tar
kwic index folder/docs.tar
kwic index folder
kwic index
python3 "$TESTS/archives/make.py" less.tar
mv less.tar folder/docs.tar
kwic index folder
kwic search -q -l --sort id "guards OR lamp OR ships"
echo "no archive any more: guards" >folder/docs.tar
kwic index folder
kwic search -q -l guards
