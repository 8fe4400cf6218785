# Lines as other systems end them, and a last one without an end.
kwic index -q data/articles
printf 'a\troses\r\nb\toranges' | kwic search --batch - -c
