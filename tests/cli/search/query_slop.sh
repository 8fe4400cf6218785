# A phrase within some moves of itself.
kwic index -q data/articles
for query in '"train stopped"' '"train stopped"~2' '"train stopped"~3' '"border stopped"~1' '"border stopped"~0'; do
    echo "$query: $(kwic search -l -- "$query" | tr '\n' ' ')"
done
