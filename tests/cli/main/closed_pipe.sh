# A closed pipe ends quietly, by the signal.
kwic index -q data/articles
for ((i = 0; i < 5000; i++)); do echo "border guards heroin"; done >queries
kwic search --batch queries --format jsonl | head -n 1 | cut -c 1-13
[ "${PIPESTATUS[0]}" = 141 ] && echo "by SIGPIPE"
