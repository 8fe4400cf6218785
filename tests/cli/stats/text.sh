# Numbers of all kinds; bytes differ from version to version.
kwic index -q data/articles
kwic stats | sed -e '/^documents/b' -e '/^words/b' -e '/^deleted/b' -e '/^language/b' -e '/^text bytes/b' -e '/^passages/b' -e 's/ *[0-9][0-9.]*/ N/g' | sed '/^sections/q'
cat data/articles/* | wc -c
