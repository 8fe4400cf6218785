# meilisearch #1912, typesense #2331, elastic #17581, #29561, ePADD #132, readthedocs #5270: a quoted
# phrase is found, but its single words light up elsewhere. Here the phrase lights up, and nothing else.
cat >a.txt <<'END'
The border was quiet. Guards slept. A border, guards: border guards! The guards of the
border guards' house went to the border; Border
Guards, guards border.
END
printf 'The border has guards.\n' >b.txt
printf 'Of the border.\n' >c.txt
kwic index -q a.txt b.txt c.txt
kwic search -q --format html '"border guards"' | sed -n '/<blockquote>/,/<\/blockquote>/p'
kwic search -q --color always '"border guards"' | tail -n +3
kwic search -q --format jsonl '"border guards" OR zeppelin' | grep -o '"highlights":[^a-z]*'
kwic search -q --format grep '"guards border"' | cut -c 1-20
kwic search -q --format html '"of the border" -"border has"' | grep -o '<mark>.*</mark>'
kwic search -q --format html 'slept -"guards slept soundly" "has guards"' | grep -o '<mark>.*</mark>'
