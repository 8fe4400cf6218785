# Many small runs leave few segments; what is mostly deleted is written again.
for ((i = 0; i < 70; i++)); do
    echo "note $i of the border" >note$i.txt
    kwic index -q note$i.txt
done
kwic stats | awk '/^segments/ { print($2 < 30 ? "few" : "many") }'
kwic search -c border
kwic delete -q note{0..59}.txt
kwic stats | awk '/^deleted/ { print($2 < 10 ? "few" : "many") }'
kwic search -c border
kwic check -q
