# Output that does not arrive is an error.
[ -e /dev/full ] || { echo "no /dev/full"; exit 77; }
kwic --help >/dev/full
