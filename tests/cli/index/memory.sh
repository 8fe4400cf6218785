# A size of memory has a form, and a least value.
for size in 64M lots 1T 0 256MB -1 20000000000000G; do
    kwic index -q --memory "$size" data/articles
    echo $?
done
kwic index -q --memory 131072K data/articles
echo $?
