# Paths can be opened from where one is; what -l prints can be given to show.
kwic index -q data/articles data/notes
cd data/notes
kwic search -l --sort id 'lamp OR roses'
kwic search -l --sort id 'lamp OR roses' | xargs kwic show
kwic search --format jsonl -n 1 oranges | sed 's/"title".*//'
