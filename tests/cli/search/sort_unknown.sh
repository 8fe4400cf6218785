# A field that the index does not have, one without values, and none.
kwic index -q data/articles
kwic search --sort price border
kwic search --facet price border
kwic search --sort title border
kwic search --facet title border
kwic search --sort '' border
kwic search --sort score:asc border
kwic search --sort date:up border
