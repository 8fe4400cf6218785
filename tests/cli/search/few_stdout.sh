# What was found stands above what is said of it.
cd data && kwic index -q articles
kwic search -l bordr heroin 2>&1
