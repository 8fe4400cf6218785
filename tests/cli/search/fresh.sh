# Each result says what became of its file.
mkdir notes && cd notes
for name in a b c d; do echo "a bridge in $name" >$name.txt; done
printf '{"id":"r1","text":"a bridge in a record"}\n' >r.jsonl
echo 'a bridge from a stream' | kwic index -q .  -
echo 'a longer bridge in b' >b.txt
rm c.txt
rm d.txt && mkdir d.txt
kwic search --sort id --fresh verify --format jsonl bridge | sed 's/.*"doc":\("[^"]*"\).*},/\1 /'
touch r.jsonl
kwic search --sort id --fresh verify --format json bridge | grep -o '"fresh":"[a-z]*"'
kwic search --sort id --fresh verify bridge | grep score | sed 's/score [0-9.]*//'
kwic search --sort id --fresh verify --format html -n 2 bridge | grep -o '<small>.*</small>'
kwic search --sort id --fresh verify -l bridge
kwic search --sort id --fresh trust --format jsonl bridge | grep -c fresh
