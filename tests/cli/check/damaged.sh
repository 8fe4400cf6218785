# What is damaged is named.
kwic index -q data
file=$(find .kwic -type f -printf '%s %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
printf 'XXXXXXXX' | dd of="$file" bs=1 seek=5000 conv=notrunc 2>/dev/null
kwic check >problems
echo $?
[ "$(wc -l <problems)" -ge 1 ] && echo named
