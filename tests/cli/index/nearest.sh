# From a folder below, the nearest .kwic is found.
kwic index -q data/articles
cd data/notes
kwic index -q .
ls -a
kwic search -l --sort id 'lamp OR roses'
