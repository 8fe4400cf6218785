# Archives that unpack to too much, or say that they do, are named and do no harm.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
for name in bomb.txt.gz bomb.zip huge.tar sparse.tar overlapping.zip twice.txt.gz picture.bin.gz; do
    python3 "$TESTS/archives/make.py" "$name"
    ( # a sanitizer takes terabytes of addresses
        [ -n "$KWIC_SANITIZED" ] || ulimit -v 3000000
        kwic index -i index "$name"
    )
    echo "$name: status $?"
    kwic stats -i index | head -1
    rm -r index
done
