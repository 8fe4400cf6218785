# One after the other; one that does not end its line is ended.
printf 'no end' >data/a.txt
kwic index -q data/a.txt data/notes
kwic show data/a.txt data/notes/readme.md data/a.txt
