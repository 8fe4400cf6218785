# Stop words count less unless it is not wanted, and are found all the same.
printf 'the the the the the the the the the the the the\n' >one.txt
printf 'a lantern stood by the door of the mill that the miller had built for the people of a town\n' >two.txt
printf 'nothing at all about it\n' >three.txt
kwic index -q one.txt two.txt three.txt
kwic search --format tsv --stop-words off 'the lantern' | cut -f 1-3
kwic search --format tsv --stop-words on 'the lantern' | cut -f 1-3
kwic search -l --stop-words on 'the'
kwic search --stop-words perhaps 'the'
