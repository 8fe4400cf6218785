# An empty index finds nothing, and takes documents again.
kwic index -q data/notes
kwic delete -q data/notes/readme.md
kwic search lamp
echo $?
kwic search -c -- -lamp
kwic stats | head -n 3
kwic check
kwic index -q data/notes/readme.md
kwic search -l lamp
