# Files are compared with what the index knows of them; nothing is changed.
mkdir notes sub && cd notes
for name in a b c d; do echo "a bridge in $name" >$name.txt; done
printf '{"id":"r1","text":"a bridge in a record"}\n' >r.jsonl
printf '\0\1' >binary
echo 'from a stream' | kwic index -q . -
kwic check --sources
echo "$?"
echo 'a longer bridge' >b.txt
rm c.txt
touch r.jsonl
echo 'text now' >binary
echo 'new' >new.txt
sum=$(cat .kwic/* | md5sum)
cd ../sub && kwic check --sources -i ../notes/.kwic
echo "$?"
cd ../notes && [ "$sum" = "$(cat .kwic/* | md5sum)" ] && kwic index -q --prune
kwic check -q --sources
