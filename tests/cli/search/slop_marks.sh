# Within so many moves, marked as a whole.
kwic index -q data/articles
kwic search -c '"dawn stopped"~2'
kwic search --format html '"dawn stopped"~5'
kwic search --format html '"knew said"~4'
