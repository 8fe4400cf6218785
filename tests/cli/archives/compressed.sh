# A compressed file is one document or its records, under its own name, in the format that it had.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
for name in records.jsonl.gz records.jsonl.xz records.jsonl.bz2 readme.md.gz two.txt.gz empty.txt.gz; do
    python3 "$TESTS/archives/make.py" "$name"
    kwic index -i index "$name"
    kwic stats -i index | head -1
    kwic search -q -i index --format jsonl "title:garden OR record" | cut -d , -f 3-5
    rm -r index
done
