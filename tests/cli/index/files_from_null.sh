# Paths may hold any byte but NUL.
mkdir odd && printf 'a bridge\n' >"odd/two
lines.txt" && printf 'a bridge\n' >-
find odd - -type f -print0 | kwic index -q -0 --files-from -
kwic search -l -0 bridge | tr '\0\n' '\n|'
find odd -print0 >list
kwic index --files-from list
echo $?
kwic index --null odd
kwic index --files-from - - </dev/null
kwic index -i other --files-from missing
ls other
