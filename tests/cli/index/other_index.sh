# A walk passes over folders that are an index, whatever their name.
mkdir here
cd here || exit
echo roses >a.txt
kwic index -q -i notes.kwic a.txt
kwic index .
kwic search -l roses
