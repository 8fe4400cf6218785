# An index that is named twice, be it by another path, is taken once.
cd data && kwic index -q articles && kwic index -q -i other records.jsonl && ln -s . here && ln -s .kwic link
kwic search -c the
kwic search -i .kwic -i "$PWD/.kwic" -i here/.kwic -i link -c the
kwic search -i other -i .kwic -i ./other -c the
kwic stats -i .kwic -i link | head -n 1
