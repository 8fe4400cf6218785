# Windows-1252 is recognised.
printf 'Le caf\xe9 est ferm\xe9 l\x92\xe9t\xe9, dit le barge.\n' >data/latin.txt
kwic index -q data/latin.txt
kwic show data/latin.txt
kwic search -l café
