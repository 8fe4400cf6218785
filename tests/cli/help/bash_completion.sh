# What bash offers at the start, after a dash and after an option with names.
# shellcheck disable=SC1091
. "$TESTS/../../doc/completions/kwic.bash" 2>/dev/null ||
    { echo "no doc/completions here"; exit 77; }
offer() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _kwic
    echo "${COMPREPLY[@]}"
}
offer kwic s
offer kwic search --li
offer kwic search --sort ''
offer kwic search --format = js
offer kwic analyze --format ''
