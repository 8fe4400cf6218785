# No index here.
kwic similar a.txt; echo $?
