# --plain is BM25 as it was first written, whatever else is weighed; options beside it hold.
cd data && kwic index -q articles
score() { kwic search --format trec "$@" the border guards | cut -d ' ' -f 5 | tr '\n' ' '; echo; }
score --plain
score --k1 1.2 --k3 1 --title-weight 0 --near-weight 0 --character-weight 0 --stop-words off
score --k1 0.5 --plain
score --k1 0.5 --k3 1 --title-weight 0 --near-weight 0 --character-weight 0 --stop-words off
score
