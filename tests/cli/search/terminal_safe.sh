# On a terminal, the formats for machines hold no control characters either.
command -v script >/dev/null || { echo "no script(1)"; exit 77; }
printf 'A \033[31m ferry\n' >data/evil.txt
kwic index -q data/evil.txt
for format in tsv grep html jsonl; do
    script -qec "kwic search --format $format ferry" /dev/null | grep -ac $'\033'
done
script -qec "kwic show data/evil.txt" /dev/null
kwic search --format grep ferry | grep -c $'\033'
