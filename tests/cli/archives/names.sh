# No member gets out of its archive; what is no regular file, or an archive itself, is not read.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
python3 "$TESTS/archives/make.py" names.tar
kwic index names.tar
kwic search -q -n 20 -l --sort id lamp
kwic show names.tar/twice.txt
