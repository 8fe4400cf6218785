# By id instead of score.
kwic index -q data/articles
kwic search -l --sort id 'a OR the'
kwic search -l --sort score 'heroin oranges'
