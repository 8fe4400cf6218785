# fizzy #2337: what is shown as highlighted is the stemmed text. Here it is the document's own, byte for
# byte, whatever was folded and stemmed to find it.
printf 'RUNNING quickly, the Ponies’ generalizations café-hopped: ﬁshes & <b>Houses</b>  \tof ÅNGSTRÖM.' >a.txt
touch -d @1200000000 a.txt
kwic index -q a.txt
for query in run pony general generalized cafe fish house angstrom 'quick hop'; do
    echo "$query: $(kwic search -q --format html "$query" | grep -o '<mark>.*</mark>')"
done
kwic search -q --color always 'run house' | tail -n +3
kwic search -q --format tsv 'pony' | cut -f 6
kwic search -q --format jsonl 'run pony cafe fish house' | sed 's/.*"text"/"text"/'
kwic show a.txt | cmp - a.txt && echo same
