# How far the words of a phrase are apart is not looked for without end.
yes the of and | head -n 1000 >words.txt
kwic index -q words.txt
phrase="\"$(yes the of | head -n 30 | tr '\n' ' ')\""
kwic search -q -c "$phrase"
kwic why words.txt "$phrase"
