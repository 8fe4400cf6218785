# -i names the index; its documents keep their ids.
kwic index -q -i other data/articles
ls
kwic search -i other -l roses
cd data && kwic search -i ../other -l roses
