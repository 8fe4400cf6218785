# For a person: title, place, score and passage.
cd data && kwic index -q articles
kwic search border guards
