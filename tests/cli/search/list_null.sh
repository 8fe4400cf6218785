# Ended by NUL, so that any name will do.
mkdir box
echo ferry >"$(printf 'box/two\nlines.txt')"
echo ferry >'box/a b.txt'
kwic index -q box
kwic search -l0 --sort id ferry | tr '\n\0' '|\n'
kwic search -l -0 ferry | xargs -0 kwic show
