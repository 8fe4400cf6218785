# And named where it was named.
head -c 3000 /dev/zero >data/articles/zeros.bin
kwic index data/articles/zeros.bin data/articles
