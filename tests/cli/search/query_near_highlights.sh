# What made the match lights up, with its clause: the pair, not its words elsewhere; the word of a wildcard.
kwic index -q data/articles
kwic search --format jsonl 'roses weed ONEAR/9 rose' | grep -o '"highlights":[^a-z]*'
kwic search --format jsonl 'x heroin NEAR/1 found smugg* crat~' | grep -o '"highlights":[^a-z]*'
kwic search --format jsonl '"opened oranges"~3' | grep -o '"highlights":[^a-z]*'
