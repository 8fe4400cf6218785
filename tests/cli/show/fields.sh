# The fields instead of the text.
kwic index -q data/articles/border.txt data/records.jsonl
kwic show --fields data/articles/border.txt
kwic show --fields --id r1 r2
kwic show --fields --format json data/articles/border.txt
