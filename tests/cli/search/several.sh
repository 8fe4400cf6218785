# Several indexes are searched as one, with shared statistics.
kwic index -q -i one data/articles
kwic index -q -i two data/records.jsonl data/long.txt
kwic index -q -i both data/articles data/records.jsonl data/long.txt
kwic search -i one -i two --format trec 'the OR bridge' >a
kwic search -i both --format trec 'the OR bridge' >b
cmp a b && wc -l <a
kwic show -i one -i two --id r2
