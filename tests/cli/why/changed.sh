# The file is not what it was.
cd data && kwic index -q articles && echo more >>articles/border.txt
kwic why articles/border.txt heroin && rm articles/border.txt && kwic why articles/border.txt heroin
