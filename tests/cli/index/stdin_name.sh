# With a name of its own.
echo "A ferry at dawn." | kwic index -q --name notes/dawn -
kwic search -l ferry
kwic show --id notes/dawn
