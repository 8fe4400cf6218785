# The place of each error.
kwic index -q data/articles
while IFS= read -r query; do
    kwic search --strict -- "$query"
    echo $?
done <<'END'
Straße heroin~3
heroin NEAR/3 (a -b)
"a b"~2 "c d"~ e
a^2 b^1e3 c^0
heroin
END
