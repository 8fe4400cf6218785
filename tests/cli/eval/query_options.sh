# What search takes to say how a query is meant, eval takes too.
cd data
printf '{"id":"%s","text":"%s"}\n' e1 'A rose garden' e2 'The the the the the' >english.jsonl
printf '{"id":"%s","text":"%s"}\n' g1 'Die Rosen der Gärten, die Rosen' >german.jsonl
kwic index -q -i en english.jsonl && kwic index -q -i de --lang german german.jsonl
printf 'q\troses\n' >roses
printf 'q\tthe the the garden\n' >the
printf 'q\tros* OR gart*\n' >pattern
printf 'q\trose garden the\n' >three
printf 'q\t(roses\n' >open
printf 'q 0 e1 1\n' >r
mrr() { kwic eval -i en -i de --format trec "$@" r | grep recip; }
mrr roses
mrr --lang english roses
mrr --lang german roses
mrr the
mrr --stop-words on the
mrr pattern
mrr --max-expansions 1 pattern
mrr three
mrr --min 3 three
mrr --min 70% three
mrr --min some three
mrr open
mrr --strict open
mrr --lang klingon roses
