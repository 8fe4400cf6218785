# Stems.
kwic index -q data/articles
kwic terms --stems guard
kwic terms guard
