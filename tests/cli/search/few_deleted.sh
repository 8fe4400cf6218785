# What only deleted documents hold is no spelling.
cd data && printf "bordr\n" >bad.txt && kwic index -q bad.txt articles && kwic delete -q bad.txt
kwic search -c bodr
