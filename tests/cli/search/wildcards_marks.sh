# One term for scoring: documents and occurrences of all that fit.
kwic index -q data/articles
kwic search --format jsonl --k1 0 'b*r'
kwic search --format trec 'h?r*in'
kwic search -l '*luß OR gäst?'
kwic search -c '*er*'
