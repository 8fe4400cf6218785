# An index of another user is not used unless it is named.
[ "$(id -u)" = 0 ] || { echo "only root can make files of others"; exit 77; }
kwic index -q data/articles
chown -R 65534 .kwic
kwic search -l roses
echo $?
kwic index data/notes
echo $?
kwic search -i .kwic -l roses
