# Whatever runs an index came from, and what was deleted between them, it is the same afterwards.
kwic index -q -i a data/articles data/notes data/long.txt
kwic optimize -q -i a
for file in data/articles/* data/notes data/long.txt; do kwic index -q -i b "$file"; done
kwic stats -i b | grep ^segments
kwic optimize -i b
cat a/segment-* | cmp - b/segment-* && echo same
kwic index -q -i c data/articles
echo gone forever >gone.txt
kwic index -q -i c gone.txt
kwic index -q -i c data/notes
kwic delete -q -i c gone.txt
kwic index -q -i c data/long.txt
kwic search -i c --precise --format jsonl the border >before
kwic optimize -q -i c
kwic search -i c --precise --format jsonl the border >after
cmp before after
cat a/segment-* | cmp - c/segment-* && echo same
kwic stats -i c | grep ^deleted
kwic check -q -i c
kwic optimize -i c
