# Neither matching files nor matching folders.
kwic index -q --exclude notes --exclude '*.tsv' --exclude 'g*.txt' data
kwic search -l --sort id 'lamp OR border'
