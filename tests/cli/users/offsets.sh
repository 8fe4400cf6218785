# tantivy-py #420, paradedb #1778: offsets count from the fragment where the manual says from the document.
# Here both are given: the passage's place in the document, and the highlights' in the passage.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
for i in {1..40}; do
    echo "Přílišně žluťoučký kůň 馬 número $i 🐎 — et cetera, et cetera, encore une fois."
    ((i % 9)) || echo "Here Größe stands, and Größen with it."
done >a.txt
{ printf '\xef\xbb\xbfline\r\n'; sed 's/$/\r/' a.txt; } >b.txt
printf '# Größe\n\nA *heading* and **Größe**.\n' >c.md
{ printf '{"id":"r","title":"Große Größe","text":"'; tr '\n' ' ' <a.txt; printf '"}\n'; } >d.jsonl
kwic index -q --lang german a.txt b.txt c.md d.jsonl
kwic search --format jsonl --per-doc 0 'größ* OR "kůň 馬"' >found
while IFS= read -r id; do
    kwic show --id "$id" >"text-$id"
done < <(kwic search --format trec 'größ*' | cut -d ' ' -f 3)
python3 - <<'END'
import json

marked, passages, wrong = {}, {}, 0
for line in open("found", encoding="utf-8"):
    result = json.loads(line)
    text, document = result["text"].encode(), open("text-" + result["doc"], "rb").read()
    wrong += document[result["start"]:result["end"]] != text
    passages[result["doc"]] = passages.get(result["doc"], 0) + 1
    for start, end, clause in result["highlights"]:
        place = result["start"] + start
        wrong += document[place:place + end - start] != text[start:end]
        word = clause, text[start:end].decode()
        marked[word] = marked.get(word, 0) + 1
print(wrong, "are wrong, of", sorted(passages.items()))
print(sorted(marked.items()))
END
