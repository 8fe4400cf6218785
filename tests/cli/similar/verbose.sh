# -v: the words that stand for the terms looked for.
cd data && kwic index -q articles
kwic similar -v -l articles/border.txt
