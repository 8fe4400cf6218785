# A damaged archive is named; what was read whole before the damage stays, and is read again once it is mended.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
for name in cut.tar cut.jsonl.gz cut.jsonl.xz checksum.txt.gz checksum.txt.xz garbage.txt.gz noise.txt.gz bad_member.zip; do
    python3 "$TESTS/archives/make.py" "$name"
    kwic index -i index "$name"
    echo "status $?"
    kwic search -q -i index -l --sort id "lamp OR lamps OR guards OR 7919 OR lumps"
    rm -r index
done
cp bad_member.zip docs.zip
kwic index -q docs.zip
python3 "$TESTS/archives/make.py" docs.zip
kwic index docs.zip
