# When each path was last walked, also by runs that found nothing new.
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
cat >show.py <<'P'
import json, sys, datetime
for root in json.load(sys.stdin)["roots"]:
    age = "not known"
    if root["walked"]:
        walked = datetime.datetime.strptime(root["walked"], "%Y-%m-%dT%H:%M:%S%z")
        age = datetime.datetime.now(datetime.timezone.utc) - walked
        age = "now" if 0 <= age.total_seconds() < 600 else str(age)
    print(root["path"], age)
P
kwic index -q data/articles
kwic index -q data/notes data/records.jsonl
kwic stats --format json | python3 show.py
kwic stats | sed -n '/^last walked/,$s/^[0-9-]*T[0-9:]*Z/TIME/p'
before=$(kwic stats --format json | grep -o '"path":"data/articles","walked":"[^"]*"')
sleep 1.1
kwic index -q data/articles
after=$(kwic stats --format json | grep -o '"path":"data/articles","walked":"[^"]*"')
[ "$before" != "$after" ] && echo moved
mv data/articles away
kwic index -q 2>/dev/null
cd away && [ "$after" = "$(kwic stats --format json | sed 's|../data|data|g' | grep -o '"path":"data/articles","walked":"[^"]*"')" ] && echo stayed
cd .. && kwic index -q --prune
kwic stats --format json | python3 show.py
kwic check -q
