# A few invalid bytes do not make Windows-1252 of a text that is UTF-8.
{ yes 'The ferry at the café' | head -n 200; printf 'an odd \xff byte\n'; } >data/odd.txt
kwic index -v data/odd.txt
kwic show data/odd.txt | tail -n 2
