# k1 = 0 is the idf alone; b = 0 leaves lengths out.
kwic index -q data/articles
kwic search --format trec --k1 0 border
kwic search --format trec --b 0 border
