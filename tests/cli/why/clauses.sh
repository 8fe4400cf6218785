# What each clause lacks, or how far apart its words are.
cd data && kwic index -q articles
kwic why articles/border.txt '+trian "found heroin" "heroin found"~1 -border'
kwic why articles/border.txt 'border NEAR/2 heroin (trian OR gards~1) x* "trian guards"'
kwic why articles/border.txt 'guards ONEAR/1 border ...'
kwic why articles/border.txt --all heroin -border roses
kwic why articles/border.txt '"stopped train"'
