# The folder above a new index must be there.
kwic index -i nowhere/index data/articles
