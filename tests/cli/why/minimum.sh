# Too few of the parts that may match do.
cd data && kwic index -q articles
kwic why --min 3 articles/border.txt heroin border roses weed
