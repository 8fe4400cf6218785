# What it needs.
cd data && kwic index -q articles
kwic why; kwic why articles/border.txt; kwic why articles/border.txt " "; kwic why -n 0 articles/border.txt a
kwic why --strict articles/border.txt a AND; kwic why --min 0 articles/border.txt a; echo $?
