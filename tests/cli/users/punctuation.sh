# datasette #651, SQLite.swift #855, peewee #2955, soju #50, tinyfts #2: multi-agent, 20.04, don't and
# C++ are syntax errors, or crash. Here they are text, even with --strict, and find what holds them.
printf 'A multi-agent system.\n' >agent
printf 'Released as 20.04 in spring.\n' >version
printf 'We don'"'"'t know.\n' >apostrophe
printf 'Written in C++ and C#.\n' >language
kwic index -q agent version apostrophe language
for query in multi-agent 20.04 "don't" C++; do
    echo "$query: $(kwic search -q --strict -l "$query" 2>&1), $?"
done

# With any sign behind, before and within words the same text is found, but where the sign asks for
# something else: - before a word, ? before and within one, * within one.
signs=('!' '"' '#' '$' '%' '&' "'" '(' ')' '*' '+' ',' - '.' / ':' ';' '<' '=' '>' '?' '@' '['
    \\ ']' '^' '_' '`' '{' '|' '}' '~')
for sign in "${signs[@]}"; do
    printf '%s\n' "border$sign" "$sign border" "border $sign guards" "border$sign$sign guards" \
        "(border)$sign" "\"border\"$sign"
    [[ $sign = [-?] ]] || printf '%s\n' "${sign}border" "$sign$sign${sign}border"
    [[ $sign = [*?] ]] || printf '%s\n' "border${sign}guards" "border$sign$sign${sign}guards"
done >typed
mkdir d && split -l 1 -d -a 3 --numeric-suffixes=1 typed d/
kwic index -q -i ix d
kwic search -i ix --batch typed -l -n 1000 2>/dev/null | awk -F'\t' '$2 == sprintf("d/%03d", $1)' | wc -l
wc -l <typed
