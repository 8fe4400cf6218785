# Everything escaped, matches in <mark>.
cd data && kwic index -q articles
kwic search --format html 'café'
mkdir 'a:b' && echo '<script>ferry</script>' >'a:b/<x>&"y".txt'
kwic index -q a:b
kwic search --format html ferry
kwic search --format html zeppelin
