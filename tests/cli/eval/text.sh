# The means over all judged queries; others are not asked.
cd data && kwic index -q articles
printf 'a\troses\nb\tborder\nc\toranges\n' >q
printf 'a 0 articles/garden.txt 1\nb 0 articles/harbour.txt 1\nb 0 articles/border.txt 0\n' >r
kwic eval q r
