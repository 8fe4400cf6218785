# A title is one line, cut to the width.
printf '{"id":"x","title":"%s","text":"ferry"}\n' "$(yes 'long and\twide' | head -n 30 | tr '\n' ' ')" >a.jsonl
kwic index -q a.jsonl
COLUMNS=50 kwic search ferry
