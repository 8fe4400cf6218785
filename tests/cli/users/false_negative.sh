# mulder #152: the sanitiser finds nothing for @nasa, and an agent reasons from that. Here it finds what
# is there, whatever stands around it, and an error is never told as nothing found.
printf 'Thanks to @nasa for the pictures.\n' >a
printf 'An e-mail to press@nasa.gov: see #nasa.\n' >b
printf 'Nothing about space.\n' >c
kwic index -q a b c
cat >typed <<'END'
@nasa
"@nasa"
"@nasa
(@nasa
@nasa)
@nasa AND
@nasa NEAR
author:@nasa
+@nasa
@nasa^0
@nasa~9
END
while IFS= read -r query; do
    echo "$query: $(kwic search -q -c "$query")"
done <typed
kwic search -q --format json @nasa | grep -c '"matches":2'

# Where syntax is to be an error, it is one: nothing on standard output, and status 2, not 1.
kwic search -q --strict --format json '(@nasa' 2>message
echo "status $?: $(head -n 1 message)"
kwic search -q -l @esa
echo "status $?"
