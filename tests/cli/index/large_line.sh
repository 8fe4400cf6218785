# A long line is cut into passages.
yes "the ferry and the barge" | head -n 20000 | tr '\n' ' ' >data/long_line.txt
kwic index data/long_line.txt
kwic search --per-doc 0 --format tsv ferry | wc -l
kwic show data/long_line.txt | cmp - data/long_line.txt && echo same
