# An encoding that is told.
printf 'Caf\xe9 \x93ferry\x94\n' >data/latin.txt
printf 'barge' | iconv -t UTF-16LE >data/le.txt
kwic index -q --encoding windows-1252 data/latin.txt
kwic index -q --encoding utf-16le data/le.txt
kwic show data/latin.txt data/le.txt
