# A server is asked where words stand only in documents in which that matters.
[ -e "$KWIC_HELPERS/kwic-xapian.so" ] || { echo "kwic was built without libxapian"; exit 77; }
command -v xapian-progsrv >/dev/null || { echo "xapian-tools is not installed"; exit 77; }
python3 - >docs.jsonl <<'END'
import json
for i in range(60):
    title = "The border " + ("and the border " * (12 if i == 11 else i % 4)) + str(i)
    far = "of which one cannot tell much " * (i != 7 and i != 30)
    text = "A border " + far + "guards " * (1 + i % 5) + ("where a wall stands " * i)
    print(json.dumps({"id": f"r{i}", "title": title, "text": text, "year": 1990 + i % 9}))
END
kwic index -q -i native docs.jsonl
kwic index -q -i xapian:db docs.jsonl
cat >spy <<'END'
#!/usr/bin/env python3
import os, select, subprocess
server = subprocess.Popen(["xapian-progsrv", "db"], stdin=subprocess.PIPE)
with open("asked", "wb", 0) as log:
    while select.select([0], [], [])[0] and (data := os.read(0, 1 << 20)):
        log.write(data)
        server.stdin.write(data)
        server.stdin.flush()
END
chmod +x spy
printf 'remote :./spy\n' >stub
# How often it was asked for positions (a message of type 10), if what it answers is right.
asked() {
    local shown=(--precise --format trec)
    [ "$*" = "${*/facet/}" ] || shown=(--format json)
    kwic search -i xapian:stub -q "${shown[@]}" "$@" | sed -E 's/"time_ms":[0-9.]+,//' >found
    kwic search -i native -q "${shown[@]}" "$@" | sed -E 's/"time_ms":[0-9.]+,//' | diff - found || echo "differs"
    python3 - "$*" <<'END'
import sys
data, at, positions = open("asked", "rb").read(), 0, 0
while at < len(data):
    kind, size, at = data[at], data[at + 1], at + 2
    if size == 255:
        shift = 0
        while True:
            byte = data[at]
            at += 1
            size += (byte & 127) << shift
            shift += 7
            if byte & 128:
                break
    positions += kind == 10
    at += size
print(f"{sys.argv[1]}: {positions}")
END
}
asked -n 3 border
asked -n 3 border guards
asked -n 60 border guards
asked -n 3 --sort id border guards
asked -n 3 --sort year:desc border guards
asked -n 0 border guards
asked -n 0 --facet year border guards
asked -n 3 '"border guards"'
