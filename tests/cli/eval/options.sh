# Options of the search: its depth, BM25, all words, literal text.
cd data
printf '{"id":"%s","text":"%s"}\n' a 'roses roses' b roses c 'roses roses roses and so many more words' >d.jsonl
kwic index -q -i ix d.jsonl
printf 'q\troses\n' >roses
printf 'q\troses OR thorns\n' >either
printf 'q 0 a 1\n' >r
mrr() { kwic eval -i ix --format trec "$@" r | grep recip; }
mrr roses
mrr --k1 0 roses
mrr --b 0 roses
mrr --b 0 -n 1 roses
mrr --all either
mrr --all --literal either
