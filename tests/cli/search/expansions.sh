# Of too many words that fit, the ones that most documents hold, of equal ones the first.
kwic index -q data/articles
kwic search -c 's*'
kwic search -l --max-expansions 1 's*'
kwic search -l --max-expansions 1 's* OR pai~2 OR p*'
