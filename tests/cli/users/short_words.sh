# obelisk #76: a trigram table ignores words under 3 characters without telling: 799 hits instead of 442.
# Here a word of one or two characters counts like any other, alone and beside others.
mkdir d
for ((i = 1; i <= 90; i++)); do
    text="signal"
    ((i % 2)) && text+=" go"
    ((i % 3)) && text+=" c"
    ((i % 5)) && text+=" 42"
    ((i % 7)) && text+=" 水"
    echo "$text" >"d/$i"
done
kwic index -q d
for words in "signal go" "signal c" "signal 42" "signal 水" "go c 42 水" go "signal g"; do
    files=(d/*)
    for word in $words; do
        mapfile -t files < <(grep -lw -- "$word" "${files[@]}" /dev/null)
    done
    echo "$words: $(kwic search -q --all -c "$words") of ${#files[@]}, as a phrase $(kwic search -q -c "\"$words\"") of $(grep -lw -- "$words" d/* | wc -l)"
done
