# Standard input is a document.
echo "A ferry at dawn." | kwic index -q -
kwic search --format jsonl ferry
