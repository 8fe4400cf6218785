# A file of a year that nanoseconds in 64 bits do not reach is read again when it changed, though its size did not.
printf 'heroin\n' >a.txt
touch -d @9999999999 a.txt
kwic index -q a.txt
printf 'crates\n' >a.txt
touch -d @9999999998 a.txt
kwic index -q
kwic search -q -l crates
kwic why a.txt crates | head -n 1
