# The run format of trec_eval.
cd data && kwic index -q articles
kwic search --format trec border guards
kwic search --format trec --tag mine -n 1 border guards
