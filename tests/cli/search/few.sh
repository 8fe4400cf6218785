# Fewer than three documents: what each clause finds alone, and what words might have been.
cd data && kwic index -q articles notes records.jsonl long.txt
kwic search -l 'bordr "gards slept" +roses -title:brige'
kwic search -c ferri; kwic search -c '"of ligthouse"'
