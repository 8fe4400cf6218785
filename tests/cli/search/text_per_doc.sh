# Further passages of a document stand below its first.
cd data && kwic index -q long.txt
kwic search --per-doc 2 lighthouse
