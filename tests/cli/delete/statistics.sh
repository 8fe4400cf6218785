# Deleted documents do not count: scores are those of an index without them.
kwic index -q -i a data/articles data/long.txt
kwic delete -q -i a data/long.txt data/articles/zurich.txt
kwic index -q -i b data/articles/border.txt data/articles/garden.txt data/articles/harbour.txt
kwic search -i a --precise --format trec 'the OR border' >with
kwic search -i b --precise --format trec 'the OR border' >without
cmp with without && wc -l <with
kwic terms -i a >with
kwic terms -i b >without
cmp with without
