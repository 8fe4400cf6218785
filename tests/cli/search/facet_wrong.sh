# Facets have a place in two formats.
kwic search --facet kind --format tsv tin
kwic search --facet kind -c tin
