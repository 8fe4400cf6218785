# Long queries and words are cut short.
cd data && kwic index -q articles
kwic search -c --all a b c d e f g h i; long=$(printf "lighthouseé%.0s" 1 2 3 4 5 6 7 8 9)
kwic search -c --all rosse harbuor gadren wheather $long trian drivar flor kneww
