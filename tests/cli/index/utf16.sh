# UTF-16 with a mark.
printf 'The ferry at \xc3\xa9t\xc3\xa9\n' | iconv -f UTF-8 -t UTF-16LE | { printf '\xff\xfe'; cat; } >data/le.txt
printf 'The barge at \xc3\xa9t\xc3\xa9\n' | iconv -f UTF-8 -t UTF-16BE | { printf '\xfe\xff'; cat; } >data/be.txt
kwic index -q data/le.txt data/be.txt
kwic show data/le.txt data/be.txt
kwic search -l ferry
kwic search -l barge
