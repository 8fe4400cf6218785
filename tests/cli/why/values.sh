# The values that a document has where a filter asks for others.
cd data && mkdir f && touch -d @1200000000 articles/* && cp -p articles/border.txt f
printf '{"id":"r","text":"a tin","price":[3,9.5],"kind":["b","a"],"on":"2007-10"}\n{"id":"s","text":"tin"}\n' >f/r.jsonl
kwic index -q f
kwic why f/border.txt 'border ext:md +size:>1k date:<2008 -lang:en price:3 path:f/*'
kwic why r 'tin price:4..9 kind:c* kind:b on:>2007-10-01 on:<2007-10-01 -on:2007'
kwic why --format json r 'tin price:<3' price:10..
kwic why s price:3 kind:b tin
