# All passages that match.
cd data && kwic index -q long.txt
kwic search --per-doc 0 --format jsonl lighthouse | sed 's/"text":.*"highlights"/"highlights"/; s/,"fields.*//'
