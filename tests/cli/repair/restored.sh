# What is stored and holds is put back; the results are as before, and the index is whole.
kwic index -q data
kwic search --format tsv 'border guards' >before
file=$(find .kwic -name 'segment-*')
size=$(stat -c %s "$file")
kwic stats --format json | grep -q '"documents"' || exit
# The last data page belongs to columns, which follow from the rest.
printf 'XXXXXXXX' | dd of="$file" bs=1 seek=$((size - 4096 - 3000)) conv=notrunc 2>/dev/null
kwic check -q >problems
echo "$?, $(wc -l <problems) problem"
kwic repair -n >dry
echo $?
kwic repair --keep aside >done
echo $?
cmp dry done
cmp problems done
kwic check
kwic search --format tsv 'border guards' | cmp - before
find aside -type f | wc -l
kwic repair
