"""Small text files and the fields that they have by themselves, a second time: written from kwic(1),
FIELDS, and kwic-format(5), Values."""

import os
import re

from values import DATE, KEYWORD, NUMBER, SECOND, shown_value
from vocabulary import random_length, random_text

PATHS = ["t.txt", "u/T.TXT", "plain", "u/v.c++", "u/.hidden", "u/v/.h.tar", "a..b", "u/x.y.z-1_", "end.",
         "u/no.seventeencharacte", "sixteen.characterscharac", "u/é.ü", "w.a b", "u/v/t.txt"]
KINDS = {"path": KEYWORD, "name": KEYWORD, "ext": KEYWORD, "size": NUMBER, "date": DATE}
SECONDS = [0, -1, 1, 1191585600, 1167609599, 1167609600, 1199145600, 1204243200, -2000000000, 9999999999]
NANOSECOND = 10**9


def random_files(rng, words, paths):
    """{path: (text, the time of its last change in nanoseconds)}."""
    return {path: (random_text(rng, words, random_length(rng)),
                   rng.choice(SECONDS) * NANOSECOND + rng.randrange(NANOSECOND))
            for path in rng.sample(paths, rng.randint(1, len(paths)))}


def write_file(path, text, changed):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.utime(path, ns=(changed, changed))


def fields_of(path, text, changed):
    """Its own fields, but for its language."""
    name = path.rsplit("/", 1)[-1]
    fields = {"path": path, "name": name}
    end = re.fullmatch(r".+\.([A-Za-z0-9+_-]{1,16})", name, re.DOTALL)
    if end:
        fields["ext"] = end[1].lower()
    date = shown_value(DATE, changed // NANOSECOND * SECOND)
    return {**fields, "size": len(text.encode()), "date": date}


def title_of(text):
    """The first line that is not blank."""
    line = next((line for line in text.split("\n") if line.strip()), "")
    return " ".join(line.split()).encode()[:200].decode("utf-8", "ignore").rstrip()
