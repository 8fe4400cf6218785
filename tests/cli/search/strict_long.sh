# Of a long query, what surrounds the place.
kwic index -q data/articles
kwic search --strict "$(yes 'wide 漢字 words' | head -n 40 | tr '\n' ' ') (open $(yes tail | head -n 40 | tr '\n' ' ')"
