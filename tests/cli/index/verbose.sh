# -v: more of a summary.
kwic index -v data/articles/garden.txt
