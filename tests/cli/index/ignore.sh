# What .gitignore and .ignore name is skipped unless asked for.
echo '*.md' >data/.gitignore
echo 'border.txt' >data/articles/.ignore
kwic index -q data
kwic search -l --sort id 'wick OR smugglers'
kwic index -q --no-ignore data
kwic search -l --sort id 'wick OR smugglers'
