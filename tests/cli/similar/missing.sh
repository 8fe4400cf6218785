# There is no such document.
cd data && kwic index -q articles
kwic similar nowhere.txt
