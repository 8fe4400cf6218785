# What a file is counts, not how it is called; documents of office programs are no archives.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" docs paper.docx
cp data/articles/border.txt border.tar.gz
kwic index docs border.tar.gz
kwic search -q -l --sort id guards
kwic index paper.docx
