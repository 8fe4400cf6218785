# The counts that sizes go by are those of the index, and what they are divided by is what stats shows.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
for i in {1..300}; do echo "{\"id\":\"d$i\",\"text\":\"word word n$i\"}"; done >many.jsonl
kwic index -q --lang none many.jsonl
kwic stats --sizes | sed -e '1,/^sizes/!b' -e d | sed 's/[0-9.]* *$/N/'
kwic stats --sizes --format json | python3 -c '
import json, sys
stats = json.load(sys.stdin)
sizes, sections = stats["sizes"], stats["sections"]
print({key: sizes[key] for key in ("terms", "postings", "positions", "inlined")})
print(abs(sizes["bits_per_posting"] - 8 * sections["postings"] / sizes["postings"]) < 1e-3,
      abs(sizes["bits_per_position"] - 8 * sections["positions"] / sizes["positions"]) < 1e-3,
      abs(sizes["bytes_per_text_byte"] - stats["index_bytes"] / stats["text_bytes"]) < 1e-3)'
