# The parameters of BM25 change scores, here and in the choice of words.
cd data && kwic index -q articles records.jsonl
for option in "" --b=0 --k1=0; do kwic similar $option --format tsv -n 1 r2 | cut -f 2,3; done
