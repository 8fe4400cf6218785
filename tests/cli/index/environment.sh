# So does $KWIC_INDEX, which -i outdoes.
KWIC_INDEX=$PWD/other kwic index -q data/articles
ls
cd data && KWIC_INDEX=$OLDPWD/other kwic search -l roses
KWIC_INDEX=nowhere kwic search -i ../other -l roses
