# Hidden files are skipped unless asked for.
mkdir box box/.secret
echo ferry >box/.secret/a.txt
echo ferry >box/.b.txt
echo ferry >box/c.txt
kwic index -q box
kwic search -l ferry
kwic index -q --hidden box
kwic search -l --sort id ferry
