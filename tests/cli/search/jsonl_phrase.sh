# A phrase lights up as a whole, a clause that is negated never.
cd data && kwic index -q articles
kwic search --format jsonl '"border guards" -roses heroin' | sed 's/.*"highlights"/"highlights"/; s/,"fields.*//'
