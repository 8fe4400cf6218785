# So do those of an archive that Zstandard compressed.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
command -v zstd >/dev/null || { echo "there is no zstd"; exit 77; }
python3 "$TESTS/archives/make.py" docs.tar
zstd -q docs.tar
kwic index -q docs.tar.zst
kwic search -q -l --sort id "guards OR lamp OR ships OR record"
