# A list a query.
cd data && kwic index -q articles
printf '<1>\troses\n' | kwic search --format html --batch -
