# An index is for its owner alone, whatever the umask: folder 0700, files 0600.
umask 0
kwic index -q data
kwic delete -q data/articles/border.txt
kwic optimize -q
kwic index -q --prune
find .kwic -type d ! -perm 0700 -o -type f ! -perm 0600
[ "$(find .kwic -type f | wc -l)" -ge 3 ] && echo "files: $(find .kwic -type f -printf '%m\n' | sort -u)"
