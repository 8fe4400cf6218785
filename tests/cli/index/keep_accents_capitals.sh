# Where terms keep accents, I is ı in Turkish texts and i in others: exact words and phrases find
# either.
mkdir texts
echo "Işık Isparta ve İstanbul için bir şey değil, çok güzel bir gün oldu ama ne yapalım." >texts/tr
echo "Isparta is a town of roses, and the people were walking in the streets of it." >texts/en
kwic index -q --keep-accents --lang auto texts
for query in =Isparta =isparta =ısparta '"Işık Isparta"' '"Isparta is"' '+"Işık Isparta"' '-"Işık Isparta"' \
    'roses NOT "Işık Isparta"' '=ışık' '=isik'; do
    echo "== $query: $(kwic search -q -l -- "$query" | sort | tr '\n' ' ')"
done
kwic search -q --format jsonl '"Işık Isparta"' | grep -o '"highlights":[^a-z]*'
