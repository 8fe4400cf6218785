# If only the title matched, the first passage is shown.
cd data && kwic index -q records.jsonl
kwic search stone
