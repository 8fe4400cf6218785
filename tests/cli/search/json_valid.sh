# What is written is JSON, whatever is in it.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
cd data && kwic index -q articles long.txt records.jsonl web
printf '"quoted" \\ \001 ferry \xe2\x80\xa8 \xff\n' >odd.txt
kwic index -q --encoding utf-8 odd.txt
kwic search --format json -n 100 --per-doc 0 'the OR a OR ferry' |
    python3 -c 'import json, sys; print(len(json.load(sys.stdin)["results"]) > 5)'
