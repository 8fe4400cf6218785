# Scores with all their digits.
kwic index -q data/articles
kwic search --format trec --precise roses
kwic search --format trec roses
