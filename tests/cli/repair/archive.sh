# Files in an archive are put back with the size and date that they have there.
mkdir texts
for i in 1 2 3; do seq -f "apple %g$i" 1 3000 >texts/"$i.txt"; done
tar czf texts.tar.gz --mtime 2020-01-02 texts
kwic index -q --store zlib texts.tar.gz || exit
kwic search -l 'date:2020-01-02 size:>1000'
file=$(find .kwic -name 'segment-*')
printf 'XXXXXXXX' | dd of="$file" bs=1 seek=5000 conv=notrunc 2>/dev/null
mv texts.tar.gz away.tar.gz
kwic repair -n | grep -v checksum
mv away.tar.gz texts.tar.gz
kwic repair | grep -v checksum
kwic check
kwic search -l 'date:2020-01-02 size:>1000'
