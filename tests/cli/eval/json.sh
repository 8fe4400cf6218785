# One object; with --per-query it holds those of the queries.
cd data && kwic index -q articles
printf 'a\troses\n"b"\tborder\n' >q
printf 'a 0 articles/garden.txt 1\n"b" 0 articles/border.txt 2\n' >r
kwic eval --format json q r
kwic eval --format json --per-query q r | python3 -m json.tool --compact
