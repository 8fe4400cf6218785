# Below each score, of what it is the sum: terms, then titles, neighbours and characters.
kwic index -q data/records.jsonl data/articles
kwic search -q --explain -n 1 --title-weight 1 bridge tower
kwic search -q --explain --precise -n 1 heroin train
printf '{"id":"k","title":"東京","text":"東京都 and 京都 and 東"}\n' | kwic index -q --format jsonl -
kwic search -q --explain -n 1 '東京 (lang:en OR path:x)'
kwic search -q --explain -n 1 'lang:en'
