# A document whose text is damaged and whose file is gone is named, and its loss is status 1; it is
# back once its file is.
mkdir texts
for i in 1 2 3; do
    seq -f "apple %g$i" 1 3000 >texts/"$i.txt"
done
kwic index -q --store zlib texts
mkdir away
mv texts/1.txt texts/2.txt away
file=$(find .kwic -name 'segment-*')
printf 'XXXXXXXX' | dd of="$file" bs=1 seek=5000 conv=notrunc 2>/dev/null
kwic repair | grep -v checksum
echo "${PIPESTATUS[0]}"
kwic check
kwic search -l apple
mv away/* texts
kwic index -q
kwic search -c apple
