# Words that are too long for a term are found all the same, and counted.
long=$(printf 'x%.0s' $(seq 300))
printf 'short %s %sy %s\n' "$long" "$long" "$long" >long.txt
kwic index -q long.txt
kwic stats | grep '^cut'
kwic search -c "${long}y"
kwic search -c "${long}z"
kwic check
