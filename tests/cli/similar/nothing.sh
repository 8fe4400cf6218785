# A document without words is like no other.
cd data && : >empty.txt && kwic index -q articles empty.txt
kwic similar empty.txt
