"""The queries: those of a file in the form of search-benchmark-game, and classes made from them
and from the corpus that it has not.

    a b c       any of the words          +a +b       all of them
    "a b"       the phrase                +a b c      a, and better with b or c
    +a -b       a without b

Classes of the file: union, intersection, phrase. Made here: `long` (unions of 12 words and more,
from running text), `mixed` (+a b c), `negated` (+a -b), `term` (a single word), `frequent` (phrases
of which every word is among the hundred most frequent)."""

import collections
import json
import re

from search import corpus

CLASSES = ("union", "intersection", "phrase", "long", "mixed", "negated", "term", "frequent")
MADE = 60  # queries of each class that is made here, at most


def reduced(query):
    """The query over the words that the corpus is reduced to; None if too little is left of it."""
    if query.startswith('"'):
        words = corpus.words(query)
        return f'"{" ".join(words)}"' if len(words) > 1 else None
    parts = [sign + word for sign, text in re.findall(r"([+-]?)(\S+)", query)
             for word in corpus.words(text)]
    return " ".join(parts) if len(parts) > 1 else None


def read(path):
    """{class: [query]} of a file, each query once."""
    classes = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            query = reduced(record["query"])
            if query:
                classes[record["tags"][0]][query] = None
    return {name: list(queries) for name, queries in classes.items()}


def evenly(items, count):
    """About `count` of the items, from all over the list."""
    step = max(1, len(items) // count)
    return items[::step][:count]


def from_others(classes):
    """The classes that other classes give."""
    unions = [query.split() for query in classes["union"]]
    both = [query.replace("+", "").split() for query in classes["intersection"]]
    return {
        "mixed": evenly(["+" + " ".join(words) for words in unions if len(set(words)) > 2], MADE),
        "negated": evenly([f"+{words[0]} -{words[1]}" for words in both if len(set(words)) > 1],
                          MADE),
        "term": list(dict.fromkeys(evenly([words[0] for words in unions], MADE))),
    }


def from_text(path):
    """The classes that running text gives, from documents all over the corpus."""
    texts = [text.split() for number, (_, text) in enumerate(corpus.documents(path))
             if number % 97 == 0]
    counts = collections.Counter(word for text in texts for word in text)
    common = {word for word, _ in counts.most_common(100)}
    long, frequent = {}, {}
    for number, text in enumerate(texts):
        size = 12 + number % 12
        window = text[40:40 + size]
        if len(set(window)) == size:
            long[" ".join(window)] = None
        size = 2 + number % 4
        for start in range(len(text) - size):
            window = text[start:start + size]
            if common.issuperset(window) and min(len(word) for word in window) > 1:
                frequent[f'"{" ".join(window)}"'] = None
                break
    return {"long": evenly(list(long), MADE), "frequent": evenly(list(frequent), MADE)}


def gather(path, text):
    """All classes, in their order."""
    classes = read(path)
    classes |= from_others(classes) | from_text(text)
    return {name: classes[name] for name in CLASSES if classes.get(name)}
