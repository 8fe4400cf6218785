# At least so many of the words that may match, as a number or in a hundred.
kwic index -q data/articles
for min in 1 2 3 4 9 50% 75% 100% 1%; do
    echo "$min: $(kwic search -l --min "$min" heroin guards border train | tr '\n' ' ')"
done
echo "$(kwic search -l --min 1 +heroin guards | tr '\n' ' ')"
echo "$(kwic search -l +heroin guards | tr '\n' ' ')"
