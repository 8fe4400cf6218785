# ripgrep #1453, #1286: of several patterns, which one matched here? Here each highlight tells its clause,
# and every clause that matches at a place is told there.
printf 'The border guards found heroin and harbour guards found oranges.\n' >a.txt
kwic index -q a.txt
query='guard* -roses "border guards" harbor~ (oranges OR =found) heroin ONEAR/3 guards'
kwic search -q --format jsonl "$query" | sed 's/.*"text":"\(.*\)\\n".*"highlights":\[\[\(.*\)\]\].*/\1\n\2/' | {
    read -r text
    sed 's/\],\[/\n/g' | while IFS=, read -r start end clause; do
        echo "${text:start:end-start}: clause $clause"
    done
}
