# The same as one object.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
kwic index -q data/articles
kwic stats --format json | python3 -c '
import json, sys
stats = json.load(sys.stdin)
print(list(stats))
print(stats["documents"], stats["language"], sum(stats["sections"].values()) <= stats["index_bytes"])'
