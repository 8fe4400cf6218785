# The version, by itself and after a command.
for words in --version -V 'search --version' 'index -V'; do
    # shellcheck disable=SC2086 # words
    kwic $words | sed 's/[0-9][0-9.]*$/NUMBER/'
done
