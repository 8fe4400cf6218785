# tantivy #2358, #867, paradedb #470: no snippet for phrases, prefixes and edits. Here whatever was asked
# for, the passage that holds it is quoted, far down in a document, with what matched lit up.
fill() { yes 'Nothing of interest is told in this sentence.' | head -n 60; }
{
    fill
    echo
    echo 'The Kazakhstani traffickers of Nazarbayev met border guards near the old train.'
    echo
    fill
} >long.txt
kwic index -q long.txt
while IFS= read -r query; do
    echo "$query: $(kwic search -q --format html -- "$query" | grep Nazarbayev)"
done <<'END'
"border guards"
traffick*
*stani
kaza?hst*
*affick*
nazarbaev~
gaurds~2
"guards border"~2
guards NEAR/4 train
met ONEAR/2 "border guards"
=traffickers
traffickers
trafficker
(tr?in OR kazak*) AND "old train"
END
