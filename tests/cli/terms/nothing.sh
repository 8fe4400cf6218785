# None begins so; there is one prefix.
kwic index -q data/articles
kwic terms zzz
echo $?
kwic terms a b
