"""Random queries: well-formed ones, soups of lexemes, and soups of characters."""

from collection import RARE, WORDS

FIELDS = ["title", "author", "nofield"]
LEXEMES = ["AND", "OR", "NOT", "(", ")", '"', "+", "-", "=", "title:", "author:", "“", "”", ":",
           "++", "--", "f(x)", "5\"", "!", "...", "and", "Not"]
ALPHABET = "ab gé東京\"()+-=:ANDORT“”.'\u00a0\u3000"


def word(rng):
    return rng.choice(WORDS if rng.random() < 0.85 else RARE + ["missing"])


def phrase(rng):
    count = rng.choice([0, 1, 2, 2, 2, 3, 4])
    quotes = rng.choice(['""', '""', "“”"])
    return quotes[0] + " ".join(word(rng) for _ in range(count)) + quotes[1]


def operand(rng, depth):
    kind = rng.random()
    if kind < 0.5:
        text = word(rng)
    elif kind < 0.65:
        text = phrase(rng)
    elif kind < 0.75:
        text = "=" + word(rng)
    elif depth:
        text = "(" + expression(rng, depth - 1) + ")"
    else:
        text = word(rng)
    if rng.random() < 0.12:
        text = rng.choice(FIELDS) + ":" + text
    if rng.random() < 0.25:
        text = rng.choice("+-") + text
    return text


def expression(rng, depth):
    text = operand(rng, depth)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 5])):
        joint = rng.choice([" ", " ", " ", " AND ", " OR ", " NOT ", " AND NOT ", " OR NOT "])
        text += joint + operand(rng, depth)
    return ("NOT " if rng.random() < 0.05 else "") + text


def document_phrase(rng, documents):
    """Words that stand side by side in some document, so that phrases of rare pairs match."""
    texts = [document.record["text"].split() for document in documents]
    texts = [words for words in texts if words]
    if not texts:
        return phrase(rng)
    words = rng.choice(texts)
    place = rng.randrange(len(words))
    return '"' + " ".join(words[place:place + rng.randint(2, 5)]).replace('"', "") + '"'


def border_phrase(rng, documents):
    """Words on both sides of a border between passages."""
    places = [(document, i) for document in documents for i in range(1, len(document.body))
              if document.body[i - 1][5] < document.body[i][5]]
    if not places:
        return document_phrase(rng, documents)
    document, i = rng.choice(places)
    body = document.body[max(0, i - rng.randint(1, 2)):i + rng.randint(1, 2)]
    text = document.record["text"].encode()[body[0][1]:max(token[2] for token in body)]
    return '"' + text.decode().replace('"', "").replace("\n", " ") + '"'


def random_query(rng, documents):
    """A query in bytes, on one line and not blank."""
    kind = rng.random()
    if kind < 0.5:
        text = expression(rng, 3)
    elif kind < 0.65:
        text = rng.choice([document_phrase, border_phrase])(rng, documents)
        if rng.random() < 0.5:
            text += " " + expression(rng, 1)
    elif kind < 0.85:
        text = "".join(rng.choice(LEXEMES + [word(rng)] * 12) + rng.choice(["", " ", " "])
                       for _ in range(rng.randint(1, 10)))
    else:
        text = "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 16)))
    data = text.encode()
    if rng.random() < 0.03:
        place = rng.randrange(len(data) + 1)
        data = data[:place] + rng.choice([b"\xff", b"\xe6\x9d", b"\xc3"]) + data[place:]
    return data if data.decode("utf-8", "replace").strip() else b"apple"
