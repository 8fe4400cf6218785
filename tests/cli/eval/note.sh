# What does not parse is named with its file and line.
cd data && kwic index -q articles
printf 'a\troses\n\nb\t(border\n' >q
printf 'a 0 articles/garden.txt 1\nb 0 articles/border.txt 1\n' >r
kwic eval --format trec q r | grep num_q
