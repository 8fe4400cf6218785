# A folder with an index in it is none: its index is named.
kwic index -q data/articles
kwic search -i . border; echo $?
kwic search -i "$PWD" border; echo $?
kwic index -i . data; echo $?
kwic show -i data border; echo $?
