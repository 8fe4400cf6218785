# tantivy #916, #434: fragments are glued together, and there is only HTML. Here each passage is a result
# of its own, a piece of the document as it stands, in every format.
fill() { for i in {1..25}; do echo "Sentence $1 $i is told without a word of what is looked for."; done; }
{
    fill a
    echo 'First the lighthouse <was> white.'
    echo
    fill b
    echo 'Then the lighthouse was red & old.'
    echo
    fill c
    echo 'At last there was "no" lighthouse.'
} >a.txt
touch -d @1200000000 a.txt
kwic index -q a.txt
kwic search -q --per-doc 0 --format jsonl lighthouse |
    sed 's/.*"passage"/"passage"/; s/"text":"\(.\{20\}\).*\(.\{40\}\)","highlights"/"text":"\1...\2","highlights"/'
for format in text tsv grep html json; do
    kwic search -q --per-doc 0 --format $format lighthouse >found
    echo "$format: $(grep -c 'the' found) lines, $(grep -o 'lighthouse' found | wc -l) lighthouses"
done
while IFS= read -r place; do
    start=${place%:*} end=${place#*:}
    tail -c +$((start + 1)) a.txt | head -c $((end - start)) | grep lighthouse
done < <(kwic search -q --per-doc 0 --format jsonl lighthouse | sed 's/.*"start":\([0-9]*\),"end":\([0-9]*\).*/\1:\2/')
