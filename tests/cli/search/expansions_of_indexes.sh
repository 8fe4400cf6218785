# Statistics and expansions are those of all indexes together; deleted documents do not count.
kwic index -q -i one data/articles
kwic index -q -i two data/notes data/records.jsonl
kwic search -i one -i two --format trec 'b*'
kwic delete -q -i one data/articles/garden.txt
kwic search -i one -i two --format trec 'b*'
kwic search -i one -i two -l --max-expansions 1 'b*'
