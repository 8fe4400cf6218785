# The parts of each score, in their order, add up to it to the last digit.
kwic index -q --lang none data
kwic search --explain --precise --format jsonl -n 20 "train guards border* 'the heroin' NEAR/9 found title:night" >found
python3 -c '
import json
for line in open("found"):
    found = json.loads(line)
    total = 0.0
    for part in found["explain"]:
        total += part["score"]
    print(len(found["explain"]) > 1, total == found["score"])
' | sort | uniq -c | sed "s/^ *//"
