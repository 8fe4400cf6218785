# The words that stand near each other are marked, not what lies between them.
kwic index -q data/articles
kwic search --format html 'guards NEAR/4 train'
kwic search --format html 'found ONEAR/1 heroin NEAR/12 oranges'
kwic search -c 'heroin ONEAR/1 found'
kwic search --format html '("customs officers" OR driver) NEAR/6 crate'
