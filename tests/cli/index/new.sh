# Creates ./.kwic and tells what it did.
kwic index data/articles
ls -d .kwic
kwic search -c border
