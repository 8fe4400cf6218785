# A server that is not there is an error that names it; with --partial the rest is the answer.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
port=$(python3 -c 'import socket
print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
kwic index -q -i xapian:db data/articles
printf 'remote 127.0.0.1:%s\nauto db\n' "$port" >stub
try() {
    kwic "$@" 2>message
    echo "status $?"
    sed "s/$port/PORT/g" message >&2
}
try search -i xapian:stub -c border
try search -i xapian:stub -c --partial border
try search -i xapian:stub -n 1 --partial --format jsonl border | grep -o '"partial".*'
try search -i xapian:stub -n 1 --partial --format json border | grep -o '],"partial":.*'
try search -i xapian:stub -n 1 --partial --format json --facet lang border | grep -o '"facets":.*'
try search -i "xapian://127.0.0.1:$port" -i xapian:db -c --partial border
try search -i "xapian://127.0.0.1:$port" -c --partial border
try search -i xapian:stub --timeout 0 border
try similar -i xapian:stub -l -n 1 --partial "data/articles/$(ls data/articles | head -n 1)"
printf 'ferry\nborder\n' >queries
try search -i xapian:stub -c --partial --batch queries
