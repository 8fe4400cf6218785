# The same for scripts.
cd data && kwic index -q articles && : >new.txt
kwic why --format json articles/border.txt 'heroin "guards border" -roses'
kwic why --format json -n 1 articles/border.txt a heroin
kwic why --format json new.txt heroin; echo .txt >articles/.ignore; echo "*.md" >>articles/.ignore; echo x >articles/n.md
kwic why --format json articles/n.md heroin
