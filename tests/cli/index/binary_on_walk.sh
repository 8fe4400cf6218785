# A file that is not text is counted on a walk.
head -c 3000 /dev/zero >data/articles/zeros.bin
kwic index data/articles
