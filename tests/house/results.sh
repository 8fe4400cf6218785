# shellcheck shell=sh
# How the house's shell tests report: a line a rule, and a closing line. Sourced, not run.

passed=0
failed=0
skipped=0

# rule NAME PROBLEMS: passed if PROBLEMS is empty.
rule() {
    if [ -z "$2" ]; then
        passed=$((passed + 1))
        echo "ok   $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        echo "$2" | sed 's/^/     /'
    fi
}

# skip NAME REASON
skip() {
    skipped=$((skipped + 1))
    echo "SKIP $1: $2"
}

# The closing line; the status that automake expects.
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] || exit 1
    [ "$passed" != 0 ] || exit 77
    exit 0
}
