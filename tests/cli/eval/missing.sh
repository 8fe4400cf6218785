# A note tells of judged queries that are not asked; -q silences it.
cd data && kwic index -q articles
printf 'a\troses\n' >q
printf 'a 0 articles/garden.txt 1\nb 0 articles/border.txt 1\nc 0 articles/border.txt 0\n' >r
kwic eval --format trec q r | grep num_q
kwic eval -q --format trec q r | grep num_q
