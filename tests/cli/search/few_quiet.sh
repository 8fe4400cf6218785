# Not with -q, and not with --batch.
cd data && kwic index -q articles && echo "bordr gards" >one.txt
kwic search -q -c bordr gards
kwic search --batch one.txt -c
