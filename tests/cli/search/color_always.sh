# Colours where they are asked for, NO_COLOR or not.
cd data && kwic index -q articles
NO_COLOR=1 kwic search --color always oranges
