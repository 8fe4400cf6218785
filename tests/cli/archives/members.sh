# The members of an archive become documents, whatever its kind, each named below the archive.
[ -e "$KWIC_HELPERS/kwic-archive" ] || { echo "kwic-archive was not built"; exit 77; }
for kind in tar tar.gz tgz tar.xz tar.bz2 zip; do
    python3 "$TESTS/archives/make.py" docs.$kind
    kwic index -q -i ${kind#*.}.kwic docs.$kind || echo "status $?"
    kwic search -q -i ${kind#*.}.kwic -l --sort id "guards OR lamp OR ships OR record"
    rm -r ${kind#*.}.kwic
done
