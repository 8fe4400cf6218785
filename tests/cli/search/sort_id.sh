# By id instead of score.
kwic index -q data/articles
kwic search -l --sort id 'a OR the'
kwic search -l --sort score 'heroin oranges'
kwic search -l --sort id:asc 'a OR the' | head -n 2; echo
kwic search -l --sort id:desc -n 3 --offset 1 'a OR the'
kwic search -l --sort score:desc 'heroin oranges'
