# A phrase that reads differently in Turkish is one part of a query, whichever way it is read.
echo '{"id": "tr", "text": "kitap", "title": "kalem"}' >tr.jsonl
echo '{"id": "en", "text": "river"}' >en.jsonl
kwic index -q -i tr --lang turkish --keep-accents tr.jsonl
kwic index -q -i en --lang english --keep-accents en.jsonl
kwic search -q -i tr -i en -c --min 50% 'kalem "guarding IRAQ" river'
kwic search -q -i tr -i en -c --min 67% 'kalem "guarding IRAQ" river'
