# A wildcard that fits too many words takes the most frequent, and says so.
kwic index -q data/articles
kwic search -c '*e*'
kwic search -c --max-expansions 2 '*e* a* heroin~'
kwic search -c -q --max-expansions 2 '*e*'
kwic search -c --max-expansions 0 '*e*'
kwic search -c --max-expansions 1000001 '*e*'
