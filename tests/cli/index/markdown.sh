# The first heading is the title.
kwic index -q data/notes
kwic search --format jsonl lamp
kwic search -l title:lamps
