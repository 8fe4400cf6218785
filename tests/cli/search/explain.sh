# How a query was understood, before its results.
kwic index -q data/articles
kwic search --explain -n 1 '+heroin -iraq "found heroin"~2^2 (guard* OR smugler~)^3 (the old) ONEAR/9 "gardener" the the title:x'
kwic search --explain --min 2 --all '"..." x' 
kwic search --explain '...'
