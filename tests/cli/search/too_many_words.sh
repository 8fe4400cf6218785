# A text that asks for more words than anyone would is refused; a page is not, nor is it quoted.
kwic index -q data/articles
{
    printf 'page\t' && seq -s ' ' 5000 && printf 'quoted\t"%s"\n' "$(seq -s ' ' 5000)"
    printf 'book\t' && seq -s ' ' 5001
    printf 'again\t%s\n' "$(yes border | head -n 100000 | tr '\n' ' ')"
} >queries
kwic search -q --batch queries -c
