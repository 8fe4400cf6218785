# The stored text as it is, by path and by id.
kwic index -q data/articles
kwic show data/articles/garden.txt | cmp - data/articles/garden.txt && echo same
cd data/articles && kwic show garden.txt | cmp - garden.txt && echo same
cd .. && kwic show --id data/articles/garden.txt | cmp - articles/garden.txt && echo same
