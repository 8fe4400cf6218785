# The keys of records.
echo '{"docno":"x7","body":"a ferry","head":"Boats","id":"not this"}' >data/mapped.jsonl
kwic index -q --map text=body,id=docno --map title=head data/mapped.jsonl
kwic search --format jsonl ferry | sed 's/"fields":.*//'
