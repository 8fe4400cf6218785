# What cannot be read is told, and damage.
if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || { echo "no setpriv"; exit 77; }
    as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
else
    as_user() { "$@"; }
fi
as_user kwic --version >/dev/null 2>&1 || { echo "the program is not for other users"; exit 77; }
mkdir notes && cd notes
for name in a b; do echo "a bridge in $name" >$name.txt; done
kwic index -q .
chmod -R a+rX .kwic .
chmod 0 a.txt
as_user kwic check --sources -i .kwic
echo "$?"
printf 'x' | dd of="$(echo .kwic/sources-*)" bs=1 seek=5000 conv=notrunc 2>dd.log
kwic check --sources -i .kwic
