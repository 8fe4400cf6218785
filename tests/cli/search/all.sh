# All words, not any.
kwic index -q data/articles
kwic search -l border oranges
kwic search -l --all border oranges
kwic search -l --all heroin oranges
