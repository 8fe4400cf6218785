# Control characters, C1 too, and marks that turn the direction never reach the terminal.
printf 'A \033[31m ferry \007 here\xc2\x9b2J and \xe2\x80\xaethere\r\nnext\n' >data/evil.txt
touch -d @1200000000 data/evil.txt
printf '{"id":"e\\u001bvil","title":"T\\u001b[2J\\nitle","text":"ferry"}\n' >data/evil.jsonl
kwic index -q data/evil.txt data/evil.jsonl
kwic search ferry >text
kwic search --format jsonl ferry >as_jsonl
kwic search --format html ferry >as_html
cat text as_jsonl as_html
cat text as_jsonl as_html | tr -d '\n' | LC_ALL=C grep -c '[[:cntrl:]]'
