# The figures of each query; a query that finds nothing counts.
cd data && kwic index -q articles
printf 'a\troses\nb\tborder\nzero\tzeppelin\n' >q
printf 'a 0 articles/garden.txt 1\nb 0 articles/border.txt 2\nzero 0 articles/border.txt 1\n' >r
kwic eval --per-query q r
