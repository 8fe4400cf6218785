# Completion of kwic for bash.

_kwic_common="--color --quiet --verbose --help --version"

# The options of a command.
_kwic_options() {
    case $1 in
    index)
        echo "--index --name --files-from --null --format --encoding --map --lang --keep-accents --store --field --include --exclude \
--hidden --no-ignore --archives --replace --prune --no-sync --threads --memory --progress --wait $_kwic_common"
        ;;
    search)
        echo "--index --limit --offset --per-doc --sort --facet --facet-limit --fresh --count --list --null \
--batch --threads --format --format-version --precise --tag --explain --all --min --max-expansions --strict \
--literal --lang --schema --prefix --plain --k1 --b --k3 --stop-words --partial --timeout \
--title-weight --near-weight --character-weight --parity $_kwic_common"
        ;;
    similar)
        echo "--id --index --limit --offset --per-doc --sort --facet --facet-limit --fresh --count --list --null \
--format --format-version --precise --tag --schema --prefix --k1 --b --partial --timeout $_kwic_common"
        ;;
    why)
        echo "--index --id --limit --format --all --min --max-expansions --strict --literal --lang \
--schema --prefix --plain --k1 --b --k3 --stop-words --title-weight --near-weight --character-weight --parity $_kwic_common"
        ;;
    show) echo "--index --passage --id --fields --format --schema --prefix $_kwic_common" ;;
    delete)
        echo "--index --id --query --dry-run --all --min --max-expansions --strict --literal --lang --wait \
$_kwic_common"
        ;;
    optimize) echo "--index --effort --no-sync --wait $_kwic_common" ;;
    stats) echo "--index --format --sizes --schema --prefix $_kwic_common" ;;
    terms) echo "--index --field --stems --limit --format --schema --prefix $_kwic_common" ;;
    analyze) echo "--lang --keep-accents --format $_kwic_common" ;;
    eval)
        echo "--index --limit --per-query --format --all --min --max-expansions --strict --literal --lang \
--schema --prefix --plain --k1 --b --k3 --stop-words --title-weight --near-weight --character-weight --parity $_kwic_common"
        ;;
    check) echo "--index --sources $_kwic_common" ;;
    repair) echo "--index --dry-run --keep --no-sync --wait $_kwic_common" ;;
    esac
}

# The values of an option: a list, or nothing where files are meant or anything goes.
_kwic_values() {
    case $1:$2 in
    index:--format) echo "auto text markdown html jsonl" ;;
    search:--format | similar:--format) echo "text jsonl json tsv grep trec html" ;;
    show:--format | stats:--format | why:--format) echo "text json" ;;
    terms:--format) echo "text jsonl" ;;
    *:--stop-words) echo "off on" ;;
    *:--schema) echo "omega notmuch mu recoll plain" ;;
    *:--parity) echo "xapian" ;;
    analyze:--format) echo "tsv jsonl" ;;
    eval:--format) echo "text json trec" ;;
    index:--store) echo "words zlib" ;;
    index:--progress) echo "auto none jsonl" ;;
    index:--encoding) echo "auto utf-8 utf-16le utf-16be windows-1252" ;;
    search:--sort | similar:--sort) echo "score id" ;;
    search:--fresh | similar:--fresh) echo "trust verify only" ;;
    *:--color) echo "auto always never" ;;
    esac
}

_kwic() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} words

    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words="index search similar why show delete optimize stats terms analyze eval check repair --help --version"
    elif [[ $word == = ]]; then
        words=$(_kwic_values "$command" "$before")
        word=
    elif [[ $before == = ]]; then
        words=$(_kwic_values "$command" "${COMP_WORDS[COMP_CWORD - 2]}")
    elif [[ $word == -* ]]; then
        words=$(_kwic_options "$command")
    else
        words=$(_kwic_values "$command" "$before")
    fi
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames 2>/dev/null
    fi
}

complete -F _kwic kwic
