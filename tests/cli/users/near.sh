# ripgrep #1008: X only where Y stands near. Here NEAR and ONEAR count words, also across lines, and what
# lights up is the X near Y, not another one.
printf 'The ship came.\nA crate of\n\nheroin was found.\n' >three
printf 'The heroin was in some crate or other.\n' >before
printf 'Heroin, and much later, behind other things, a crate.\n' >eight
printf 'A crate. %s Heroin.\n' "$(yes filler | head -n 300 | tr '\n' ' ')" >far
printf 'Heroin alone.\n' >alone
kwic index -q three before eight far alone
for query in 'heroin NEAR/2 crate' 'heroin NEAR/3 crate' 'heroin NEAR/4 crate' 'heroin NEAR/7 crate' \
    'heroin NEAR/8 crate' 'crate ONEAR/8 heroin' 'heroin ONEAR/8 crate' 'heroin AND crate'; do
    echo "$query: $(kwic search -q -l "$query" | sort | tr '\n' ' ')"
done
printf 'Heroin here. %s A crate of heroin. %s Crate there.\n' "$(yes filler | head -n 20 | tr '\n' ' ')" \
    "$(yes filler | head -n 20 | tr '\n' ' ')" >both
kwic index -q -i other both
kwic search -q -i other --format html 'heroin NEAR/5 crate' | grep -o '[^ ]* *[^ ]* <mark>.*</mark>[^ ]* [^ ]*'
