# Or is an error, with its place.
kwic index -q data/articles
kwic search --strict 'heroin AND (border guards'
