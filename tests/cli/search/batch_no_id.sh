# An empty id is none: the line's number takes its place, so that no column is empty.
kwic index -q data/articles
printf '\troses\na\toranges\n\t\tborder\n' | kwic search --batch - --format trec -n 1
