# How long it took.
cd data && kwic index -q articles
printf 'a\troses\n' >q
printf 'a 0 articles/garden.txt 1\n' >r
kwic eval -v --format trec q r | grep num_q
