# Tabs and line ends become spaces.
cd data && printf 'one\ttwo\nthree ferry\n' >tabs.txt && kwic index -q articles tabs.txt
kwic search --format tsv ferry
kwic search --format tsv border guards
