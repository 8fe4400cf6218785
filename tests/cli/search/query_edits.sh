# Words within one or two edits: a letter more, less or other, or two swapped.
kwic index -q data/articles
for query in 'smuglers~' 'gaurds~' 'gards~' 'oranfes~' 'cafes~' 'hreoni~2' 'hreoni~' '=gards~'; do
    echo "$query: $(kwic search -l -- "$query" | tr '\n' ' ')"
done
