# One document is needed, and no more.
cd data && kwic index -q articles
kwic similar; echo $?
kwic similar articles/border.txt articles/garden.txt; echo $?
kwic similar -c --format json articles/border.txt; echo $?
kwic similar --null articles/border.txt; echo $?
