# How text is stored is settled when an index is made.
printf 'some text\n' >one.txt
kwic index -q -i coded --store words one.txt
kwic index -q -i packed --store zlib one.txt
kwic show -i packed one.txt
kwic index -q -i packed one.txt
kwic optimize -q -i packed
kwic index -q -i packed --store words one.txt
echo "$?"
kwic index -q -i coded --store lzma one.txt
