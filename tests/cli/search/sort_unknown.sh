# A field that the index does not have.
kwic index -q data/articles
kwic search --sort price border
kwic search --facet price border
