# Walks open archives only if they are told to, which is remembered.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
mkdir folder
python3 "$TESTS/archives/make.py" folder/docs.tar folder/readme.md.gz
cp data/articles/border.txt folder
kwic index folder
kwic index folder
kwic search -q -l --sort id "guards OR lamp"
echo with
kwic index --archives folder
kwic search -q -l --sort id "guards OR lamp"
kwic index --archives folder
cp data/articles/border.txt folder/added.txt
kwic index
kwic index folder
