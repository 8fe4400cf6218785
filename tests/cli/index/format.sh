# A format that is told.
cp data/records.jsonl data/records.txt
cp data/web/page.html data/page.txt
kwic index -q --format jsonl data/records.txt
kwic index -q --format text data/web/page.html
kwic search -l bridge
kwic search -l var
