# The completions know exactly the options and commands of --help.
completions=$TESTS/../../doc/completions
[ -d "$completions" ] || { echo "no doc/completions here"; exit 77; }

options() { grep -o -e '--[a-z0-9][a-z0-9-]*' | sort -u; }
fish_options() { grep -o -e '-l [a-z0-9-]*' | sed 's/-l /--/' | sort -u; }

# shellcheck disable=SC1091
. "$completions/kwic.bash"
zsh_common=$(sed -n '/^common=(/,/^)/p' "$completions/_kwic")
kwic --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' >commands
while read -r command; do
    kwic "$command" --help | sed -n 's/^ *\(-., \)*\(--[a-z0-9-]*\).*/\2/p' | sort -u >want
    _kwic_options "$command" | options >bash
    { sed -n "/^$command)\$/,/;;/p" "$completions/_kwic"; echo "$zsh_common"; } |
        grep -v '^ *\[' | sed 's/\[[^]]*\]//g' | options >zsh
    grep -e "\$in_$command " -e '^complete -c kwic \(-s . \)*-l' "$completions/kwic.fish" |
        fish_options >fish
    for shell in bash zsh fish; do
        diff want $shell >difference || { echo "$command in $shell:"; cat difference; }
    done
    grep -q "a $command " "$completions/kwic.fish" || echo "fish lacks $command"
    grep -q "'$command:" "$completions/_kwic" || echo "zsh lacks $command"
done <commands
echo "$(wc -l <commands) commands"
