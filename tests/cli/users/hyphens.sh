# bleve #103: a hyphen in a term fails to parse. Here it is text, in every place where a word can stand.
printf '{"id":"%s","title":"%s","text":"%s"}\n' \
    1 'Covid-19' 'A state-of-the-art, well-known test.' \
    2 'Covid' 'Well, 19 known tests of the state.' \
    3 'Other' 'F-16' >d.jsonl
kwic index -q d.jsonl
cat >typed <<'END'
well-known
state-of-the-art
=well-known
+well-known
"well-known"
"well-known test"
title:covid-19
well-kno*
well-knwon~
well-known^2
(well-known)
test NEAR/2 well-known
a AND well-known
well-known OR f-16
f-16
test -well-known
test NOT well-known
well-
- well-known
--well-known
END
kwic search --strict --all --batch typed -l | while read -r line id; do
    echo "$(sed -n "${line}p" typed): $id"
done
