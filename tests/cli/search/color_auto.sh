# Colours on a terminal unless NO_COLOR, TERM or --color say no.
command -v script >/dev/null || { echo "no script(1)"; exit 77; }
cd data && kwic index -q articles
lit() { script -qec "$1" /dev/null | grep -ac $'\033\\[1;31moranges'; }
lit 'kwic search oranges'
lit 'NO_COLOR=1 kwic search oranges'
lit 'NO_COLOR= kwic search oranges'
lit 'TERM=dumb kwic search oranges'
lit 'kwic search --color never oranges'
kwic search oranges | grep -c $'\033'
