# Without a language, no stems.
kwic index -q --lang none data/articles
kwic search -c guard
kwic search -c guards
kwic stats | grep '^language '
