# What cannot be meant is taken as text or ignored, and one line says so.
kwic index -q data/articles
while IFS= read -r query; do
    echo "$query:"
    kwic search -c -- "$query" 2>&1 |
        sed -e '/each part of the query/,$d' -e '/^hint: no document holds/d' -e 's/^/    /'
done <<'END'
heroin AND
NOT
heroin NEAR
heroin NEAR/0 found
heroin NEAR/3 -found
heroin NEAR (found AND a)
title:heroin NEAR found
heroin NEAR found^2
heroin NEAR/20000 found
"found heroin"~
"found heroin"~10001
heroin~3
hero?n~2
heroin^0
(heroin)^2000
"heroin
(heroin
heroin)
a AND AND heroin (
END
