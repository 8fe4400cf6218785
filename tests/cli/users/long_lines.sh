# ripgrep #1352, #365, #1649, #1815, #2336, octo-agent #315: a match in a long line is shown with all of the
# line, or as "[Omitted long matching line]". Here the text around it is shown, and no more.
{ yes 'var a=b;' | head -n 60000 | tr -d '\n'; printf ' the needle was here '; yes 'c(d); ' | head -n 60000 | tr -d '\n'; } >code.js
{ yes 'abcdefghij' | head -n 60000 | tr -d '\n'; printf ' another needle '; yes 'klmnopqrst' | head -n 60000 | tr -d '\n'; } >letters.txt
kwic index -q code.js letters.txt
for format in text jsonl grep tsv html json; do
    kwic search -q --format $format needle >found
    echo "$format: $(grep -o '[a-z]* [^ ]*needle[^ ]*' found | sort | tr '\n' ',') at most 5,000 bytes: $(($(wc -c <found) <= 5000))"
done
