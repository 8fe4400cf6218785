# Invalid bytes are repaired and counted.
printf 'ferry \xe2\x82 boat \xc3\xa9t\xc3\xa9 na\xc3\xafve \xff\xfe end\n' >data/broken.txt
touch -d @1200000000 data/broken.txt
kwic index -v --encoding utf-8 data/broken.txt
kwic show data/broken.txt
kwic search --format jsonl boat
