# For a person: as a search shows it, without the document itself.
cd data && kwic index -q articles
kwic similar articles/border.txt
