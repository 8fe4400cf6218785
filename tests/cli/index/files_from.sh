# Paths from a list, one a line; refreshes go on from there.
cd data && printf '%s\n' articles/*.txt '' missing.txt >list
kwic index --files-from list
echo $?
ls articles/*.txt | kwic index --files-from -
rm "$(ls articles/*.txt | head -n 1)"
kwic index --prune --files-from - </dev/null
kwic index --prune
kwic index --prune --files-from list
