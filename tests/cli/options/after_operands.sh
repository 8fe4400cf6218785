# Other commands take options anywhere, until --.
kwic index data/articles -q
kwic show data/articles/garden.txt --passage 0 | head -n 1
touch -- -q
kwic index -- -q 2>&1 | sed 's/;.*//'
