# All that is known of documents.
cd data && kwic index -q records.jsonl long.txt
kwic show --format json r1 r2
kwic show --format json --passage 3 long.txt | sed 's/"fields":{[^}]*}/"fields":{}/'
