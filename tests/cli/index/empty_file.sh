# An empty file is an empty document.
: >data/empty.txt
kwic index data/empty.txt
kwic show data/empty.txt
kwic search -l nothing
kwic search -l -- -nothing
