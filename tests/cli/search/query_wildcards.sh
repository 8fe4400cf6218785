# Words with any characters, or one, in a place; a question mark that ends a word is none.
kwic index -q data/articles
for query in 'smuggl*' '*ges' 'b?rder' 'c*r?age' 'guards? roses?' '-*er*' '+o*s heroin' '=or*' 'ORANG* NEAR/9 h*in'; do
    echo "$query: $(kwic search -l -- "$query" | tr '\n' ' ')"
done
