# The column counts from the line's beginning, also where that is in an earlier passage.
words() { for ((i = 0; i < 300; i++)); do printf 'word%d ' "$i"; done; }
{ words; printf 'ferry end\nsecond '; words; printf 'barge end\n'; } >long_line.txt
kwic index -q long_line.txt
kwic search --format grep ferry | cut -d: -f 1-3
kwic search --format grep barge | cut -d: -f 1-3
LC_ALL=C awk '{ print index($0, "ferry"), index($0, "barge") }' long_line.txt
