# Files have path, name, ext, size, date and lang without being asked.
touch -d @1300000000 data/articles/garden.txt
kwic index -q data/articles data/notes data/records.jsonl
kwic search -l 'path:data/articles/*'
echo
kwic search -l 'date:2011'
kwic search -l 'ext:md size:<1k'
kwic search -l 'name:*our.txt'
kwic search -l -n 3 'lang:en -ext:txt'
kwic search -c 'year:1900..2000'
