# There is none, or it is not one.
kwic search border
echo $?
kwic search -i data border
echo $?
kwic search -i nowhere border
echo $?
KWIC_INDEX=nowhere kwic search border
echo $?
KWIC_INDEX=nowhere kwic index -q data/articles
echo $?
