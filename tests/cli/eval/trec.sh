# The lines of trec_eval.
cd data && kwic index -q articles
printf 'a\troses\nb\tborder\n' >q
printf 'a 0 articles/garden.txt 1\nb 0 articles/border.txt 2\n' >r
kwic eval --format trec --per-query q r | cat -A
