# --min takes a number from 1 or a percentage.
kwic index -q data/articles
for min in 0 101% two 2x -1 %; do
    kwic search --min "$min" heroin
    echo $?
done
