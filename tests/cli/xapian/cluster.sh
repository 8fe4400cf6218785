# tools/cluster spreads records over servers that are searched as one, with the scores of one index.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
command -v xapian-tcpsrv >/dev/null || { echo "xapian-tools is not installed"; exit 77; }
cluster=$TESTS/../../tools/cluster
[ -e "$cluster" ] || { echo "no tools/cluster here"; exit 77; }
# What takes the place of ssh runs the command here; of a tunnel it has nothing to open.
mkdir far
cat >far/ssh <<'END'
#!/bin/bash
while [ "${1#-}" != "$1" ]; do
    case $1 in -f | -M | -N) shift ;; -O) exit 0 ;; *) shift 2 ;; esac
done
echo "$1" >>"$SSH_LOG"
shift
[ $# = 0 ] || exec sh -c "$*"
END
chmod +x far/ssh
export PATH="$PWD/far:$PATH" SSH_LOG=$PWD/ssh.log
read -r first second < <(python3 -c 'import socket
both = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in both))')
for i in {1..40}; do
    echo "{\"id\":\"r$i\",\"title\":\"Record $i\",\"text\":\"The ferry crossed the border $((i % 7)) times.\",\"year\":$((1990 + i))}"
done >all.jsonl
cat >servers <<END
# two that listen, two that are started for each search
localhost:one $first
user@far:$PWD/two $second

user@far:$PWD/three
localhost:four
END
trap '"$cluster" stop servers >/dev/null' EXIT
"$cluster" index servers all.jsonl 2>&1 | sed 's/.*: kwic: indexed \([0-9]*\) .*/\1/' | paste -sd+ | { read -r sum && echo $((sum)); }
"$cluster" start servers >started || cat started
"$cluster" status servers | sed -E "s|^.*[:/]([a-z]+):|\1:|; s/[0-9]+ documents/N documents/; s/port.*/port/"
"$cluster" stub servers all
kwic index -q -i one.kwic all.jsonl
for query in ferry 'the bord* 3' 'year:1995..1999' '"ferry crossed" -6' '+times year:>2000'; do
    for where in xapian:all one.kwic; do
        kwic search -i "$where" --precise -n 50 --format tsv -- "$query" |
            cut -f 1-4,6 >"found.$where" # a record's line is that of what its server was given
    done
    cmp found.xapian:all found.one.kwic && wc -l <found.one.kwic
done
sort -u ssh.log
"$cluster" stop servers | sed 's/.*: //'
kwic search -i xapian:all -c ferry 2>message
echo "status $?"
sed "s/$first/FIRST/; s/$second/SECOND/" message >&2
kwic search -i xapian:all -c --partial ferry >partial 2>message
echo "status $?"
sed "s/$first/FIRST/; s/$second/SECOND/" message >&2
[ "$(cat partial)" -lt 40 ] && echo fewer
kwic search -i xapian:all --partial -n 1 --format json ferry 2>/dev/null | grep -o '"partial":true'
echo '{"text":"no id"}' | "$cluster" index servers -
echo "status $?"
