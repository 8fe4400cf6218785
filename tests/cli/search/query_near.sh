# Words at most so many positions apart, in any order or in this one.
kwic index -q data/articles
for query in 'heroin NEAR/4 found' 'heroin NEAR/1 found' 'heroin ONEAR/4 found' 'found ONEAR/1 heroin' \
    'wall NEAR border' '"old gardener" NEAR/4 (rose OR weed)' 'officer NEAR/2 open NEAR/2 crate' \
    '-heroin NEAR/1 found'; do
    echo "$query: $(kwic search -l -- "$query" | tr '\n' ' ')"
done
