# A boost multiplies what a word, a phrase or a group adds.
kwic index -q data/articles
score() { kwic search --format tsv --precise -- "$1" | awk -F '\t' 'NR == 1 { printf "%.9f\n", $2 / d }' d="$2"; }
score roses 1
score 'roses^2.5' 2.5
score '(roses)^.5' .5
score '((roses)^2 x)^10' 20
score '"the roses stayed"' 1
score '"the roses stayed"^4' 4
score 'the NEAR/1 roses' 1
score '(the NEAR/1 roses)^3' 3
