"""The text that all engines get: documents reduced to words of a–z.

A line of the prepared corpus is {"id":"…","text":"…"}, written just so, both free of anything that
JSON would escape: an adapter cuts a line at the bytes between and needs no parser."""

import json
import os
import random
import re
import subprocess
from urllib.parse import quote

BETWEEN = '","text":"'
LONGEST = 64  # letters of a word: engines differ in what they do with longer ones, so these go
SENTENCES = re.compile(r"[.!?]\s|\n")
NOT_WORDS = re.compile(r"[^a-z]+|[a-z]{%d,}" % (LONGEST + 1))


def words(text):
    """The words of a text, as all engines get them. Only A–Z have a lower case here."""
    return NOT_WORDS.sub(" ", text.translate(LOWER)).split()


LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def lines_of(path):
    if not path.endswith(".xz"):
        with open(path, encoding="utf-8") as file:
            yield from file
        return
    with subprocess.Popen(["xz", "-dc", path], stdout=subprocess.PIPE, encoding="utf-8") as xz:
        yield from xz.stdout
        # Who takes only the first documents leaves xz with nobody to write to, and never comes here.
        if xz.wait() != 0:
            raise SystemExit(f"run: xz cannot read '{path}'")


def shuffled(text, choose):
    """The words of a text, in another order within each sentence."""
    for sentence in SENTENCES.split(text):
        found = words(sentence)
        choose.shuffle(found)
        yield from found


def prepare(source, target, docs, copies):
    """Writes the first `docs` documents (0: all) of a JSON Lines file, plain or of xz, reduced to
    words, unless that is done already; and behind them as many copies of all as make `copies`, the
    same for ever, each with its words in another order."""
    if os.path.exists(target):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target + ".new", "w", encoding="ascii") as out:
        for copy in range(copies):
            choose = random.Random(copy)
            for number, line in enumerate(lines_of(source)):
                if docs and number >= docs:
                    break
                record = json.loads(line)
                name = quote(str(record["id"]), safe="/:,") + (f"/copy{copy}" if copy else "")
                text = shuffled(record["text"], choose) if copy else words(record["text"])
                out.write(f'{{"id":"{name}{BETWEEN}{" ".join(text)}"}}\n')
    os.rename(target + ".new", target)


def documents(path):
    """The prepared corpus: (id, text) a document."""
    with open(path, encoding="ascii") as file:
        for line in file:
            start = line.index(BETWEEN)
            yield line[7:start], line[start + len(BETWEEN):-3]


def figures(path):
    """How many documents, words and bytes of text the prepared corpus has."""
    count = tokens = size = 0
    for _, text in documents(path):
        count += 1
        size += len(text)
        tokens += text.count(" ") + 1 if text else 0
    return {"documents": count, "words": tokens, "bytes": size}
