# A query that is wrong is named, and the others are answered.
kwic index -q data/articles
printf 'a\t(roses\nb\toranges\nc\t\n' | kwic search --strict --batch - -c
