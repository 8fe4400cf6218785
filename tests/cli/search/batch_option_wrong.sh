# An option that no query can have is told of once, and no query is named.
kwic index -q data/articles
printf 'a\troses\nb\toranges\n' | kwic search --lang klingon --batch - -c
