"""Random queries: well-formed ones, soups of lexemes, and soups of characters."""

import json

from values import DATE, NUMBER, TEXT, order_of, shown_value
from vocabulary import ABROAD, LONG, RARE, VALUES, WORDS

LEXEMES = ["AND", "OR", "NOT", "NEAR", "NEAR/2", "ONEAR", "ONEAR/3", "NEAR/0", "(", ")", '"', "+", "-",
           "=", "title:", "author:", "“", "”", ":", "~", "~1", "~2", "~3", "^2", "^0.5", "^x", "^0",
           "*", "?", "++", "--", "f(x)", "5\"", "!", "...", "and", "Not", "://"]
ALPHABET = "ab gé東京\"()+-=:ANDORTE“”.'\u00a0\u3000*?~^/12"
EDITS = ["~", "~", "~1", "~2", "~2", "~3"]
SLOPS = ["0", "1", "1", "2", "2", "3", "3", "5", "8", "30", "150", "20000", "", "x"]
BOOSTS = ["^2", "^0.5", "^3.25", "^.1", "^1000", "^0.001", "^0", "^1001", "^2.", "^x", "^2^3"]
NEARS = ["NEAR", "ONEAR", "NEAR/1", "ONEAR/1", "NEAR/2", "NEAR/2", "ONEAR/3", "ONEAR/3", "NEAR/5",
         "NEAR/20", "ONEAR/120", "NEAR/99999", "NEAR/0"]


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value)


UNITS = ["k", "M", "Ki", "KB", "GiB", "mib", "KI", "x", "e1k"]
QUANTITIES = ["1k", "1Ki", "+2", "1e3", ".5k", "0.002M", "1.0e-9T", "2.007k", "-1", "+-1", "1e400", "1.025M"]


class Generator:
    """Makes queries for a collection of documents."""

    def __init__(self, rng, documents, fields):
        self.rng = rng
        self.documents = documents
        self.fields = fields  # name -> types
        self.texts = sorted(name for name, types in fields.items() if TEXT in types)
        self.columns = sorted(name for name, types in fields.items() if types != {TEXT})
        self.neighbours = []  # words that stand side by side somewhere
        self.known = sorted({word.strip('"()') for document in documents for key in ("text", "title")
                             for word in document.record.get(key, "").split()} - {""}) or WORDS

    def word(self):
        """A word; every other one stands near the others in some document. Of one in a foreign
        script perhaps a part."""
        kind = self.rng.random()
        if self.neighbours and kind < 0.5:
            word = self.rng.choice(self.neighbours)
        elif kind < 0.7:
            word = self.rng.choice(self.known)
        else:
            word = self.rng.choice(WORDS if kind < 0.9 else RARE + ["missing"] if kind < 0.97
                                   else ABROAD + LONG)
        if len(word) > 2 and not word.isascii() and self.rng.random() < 0.4:
            place = self.rng.randrange(len(word) - 1)
            return word[place:place + self.rng.randint(1, 5)]
        return word

    def pattern(self):
        """A word with wildcards, or with edits."""
        text = list(self.word())
        for _ in range(self.rng.choice([1, 1, 1, 2, 3])):
            kind = self.rng.random()
            place = self.rng.randrange(len(text) + 1)
            if kind < 0.35:
                text = text[:max(1, place)] + ["*"]
            elif kind < 0.5:
                text = ["*"] + text[place:]
            elif kind < 0.7:
                text[place:place + self.rng.randint(0, 2)] = [
                    self.rng.choice(["*", "?", "*", "?", "??", "?*"])]
            elif kind < 0.8 and place < len(text):
                text[place] = "?"
            else:
                return self.misspelt("".join(text)) + self.rng.choice(EDITS)
        return "".join(text)

    def misspelt(self, text):
        place = self.rng.randrange(len(text) + 1)
        kind = self.rng.random()
        if kind < 0.3:
            return text
        if kind < 0.5:
            return text[:place] + text[place + 1:]
        if kind < 0.7:
            return text[:place] + self.rng.choice("abeiorstué京") + text[place:]
        return text[:place] + text[place:place + 2][::-1] + text[place + 2:]

    def phrase(self):
        count = self.rng.choice([0, 1, 2, 2, 2, 3, 4])
        quotes = self.rng.choice(['""', '""', "“”"])
        text = quotes[0] + " ".join(self.word() for _ in range(count)) + quotes[1]
        return text + self.slop() if self.rng.random() < 0.4 else text

    def slop(self):
        return "~" + self.rng.choice(SLOPS)

    def value(self, field):
        """A value of a field, mostly one that is there, or a range."""
        ends = sorted(self.known_value(field) for _ in range(2))
        if self.rng.random() < 0.2:
            ends.reverse()
        ends = [text for _, text in ends]
        kinds = self.fields[field]
        if NUMBER in kinds and self.rng.random() < 0.2:
            ends[0] = self.rng.choice(QUANTITIES) if self.rng.random() < 0.5 else (
                ends[0] + self.rng.choice(UNITS))
        if DATE in kinds and self.rng.random() < 0.4:
            ends = [end[:self.rng.choice([4, 7, 10, 13, 16, 19, 21])] for end in ends]
        choice = self.rng.random()
        if choice < (0.3 if kinds & {NUMBER, DATE} else 0.05):
            return ends[0] + ".." + ends[1]
        if choice < 0.4:
            return self.rng.choice([ends[0] + "..", ".." + ends[1], "..", "..." + ends[1]])
        if choice < 0.6 and kinds & {NUMBER, DATE}:
            return self.rng.choice(["<", "<=", ">", ">="]) + ends[0]
        if choice < 0.7:
            return self.with_wildcards(ends[0])
        if choice < 0.8:
            return '"' + ends[0].replace('"', "") + '"' + self.rng.choice(["", "", "~2", "^2", "~1^0.5"])
        return "=" * (choice < 0.85) + ends[0]

    def known_value(self, field):
        """A value of a field and its place in their order."""
        known = [(order_of(kind, value), text_of(shown_value(kind, value))) for document in self.documents
                 for kind, values in [document.columns.get(field, (None, []))] for value in values]
        if known and self.rng.random() < 0.7:
            return self.rng.choice(known)
        kind = self.rng.choice(sorted(VALUES))
        return (3, b""), text_of(self.rng.choice(VALUES[kind]))

    def with_wildcards(self, text):
        place = self.rng.randrange(len(text) + 1)
        kind = self.rng.random()
        if kind < 0.4:
            return text[:place] + "*"
        if kind < 0.6:
            return "*" + text[place:]
        return text[:place] + self.rng.choice("*?") + text[place + self.rng.randint(0, 2):]

    def filter(self):
        """A filter, or several in a parenthesis."""
        field = self.rng.choice(self.columns)
        if field in ("lang", "path") and self.rng.random() < 0.5:
            field = self.rng.choice(self.columns)
        if self.rng.random() < 0.8:
            return field + ":" + self.value(field)
        parts = [self.rng.choice([self.value(field), self.value(field), self.value(field), self.word()])
                 for _ in range(self.rng.randint(1, 3))]
        return f"{field}:(" + self.rng.choice([" ", " OR ", " AND ", " NOT ", " NEAR "]).join(parts) + ")"

    def atom(self):
        kind = self.rng.random()
        if self.columns and self.rng.random() < 0.1:
            return self.filter()
        if kind < 0.45:
            return self.word()
        if kind < 0.65:
            return self.pattern()
        if kind < 0.85:
            return self.phrase()
        return "=" + self.word()

    def near(self, depth):
        """Operands that stand near each other; of several kinds and numbers."""
        text = self.near_operand(depth)
        for _ in range(self.rng.choice([1, 1, 1, 2, 2, 3])):
            text += " " + self.rng.choice(NEARS) + self.rng.choice([" ", " ", " ", "  "])
            text += self.near_operand(depth)
        if self.rng.random() < 0.01:
            text += f" {self.rng.choice(NEARS[:4])} {self.near_operand(0)}" * self.rng.randint(8, 11)
        return text

    def near_operand(self, depth):
        text = self.atom()
        if depth and self.rng.random() < 0.3:
            parts = [self.rng.choice([self.near, self.near_operand])(depth - 1)
                     for _ in range(self.rng.randint(1, 3))]
            text = "(" + self.rng.choice([" ", " ", " OR "]).join(parts) + ")"
        if self.rng.random() < 0.03:
            text = self.rng.choice(["-", "+", "title:", "NOT "]) + text
        return text + self.rng.choice(BOOSTS) if self.rng.random() < 0.03 else text

    def operand(self, depth):
        asked = ["title", "nofield", *self.texts]
        asked = self.rng.choice([asked, asked, asked, asked, asked, list(self.fields)])
        field = self.rng.choice(asked) if self.rng.random() < 0.12 else None
        outside = self.neighbours
        if field:
            self.neighbours = self.document_words(4, field)
        text = self.boosted_operand(depth)
        self.neighbours = outside
        if field:
            text = field + ":" + text
        return self.rng.choice("+-") + text if self.rng.random() < 0.25 else text

    def boosted_operand(self, depth):
        kind = self.rng.random()
        if self.columns and kind < 0.06:
            return self.filter()
        if kind < 0.62:
            text = self.atom()
        elif kind < 0.78:
            text = self.near(min(depth, 2))
            if self.rng.random() < 0.4:
                text = "(" + text + ")"
        elif depth:
            text = "(" + self.expression(depth - 1) + ")"
        else:
            text = self.word()
        return text + self.rng.choice(BOOSTS) if self.rng.random() < 0.15 else text

    def expression(self, depth):
        text = self.operand(depth)
        for _ in range(self.rng.choice([0, 0, 1, 1, 2, 3, 5])):
            joint = self.rng.choice([" ", " ", " ", " AND ", " OR ", " NOT ", " AND NOT ", " OR NOT "])
            text += joint + self.operand(depth)
        return ("NOT " if self.rng.random() < 0.05 else "") + text

    def document_words(self, most, field="text"):
        """Words that stand side by side in some document."""
        texts = [value.split() for document in self.documents
                 for value in [document.record.get(field)] if isinstance(value, str)]
        texts = [words for words in texts if words]
        if not texts:
            return [self.rng.choice(WORDS)]
        words = self.rng.choice(texts)
        place = self.rng.randrange(len(words))
        return [one.strip('"()') or "a" for one in words[place:place + self.rng.randint(2, most)]]

    def document_phrase(self):
        """A phrase that matches; with a slop, one with words moved, doubled or left out."""
        words = self.document_words(6)
        tail = ""
        if self.rng.random() < 0.5:
            tail = self.slop()
            for _ in range(self.rng.randint(0, 3)):
                place = self.rng.randrange(len(words))
                move = self.rng.random()
                if move < 0.4:
                    words[place:place + 2] = words[place:place + 2][::-1]
                elif move < 0.7 and len(words) > 1:
                    del words[place]
                else:
                    words.append(words[place])
        return '"' + " ".join(words) + '"' + tail

    def document_near(self):
        """Words of a document that stand near each other."""
        words = self.document_words(12)
        words = self.rng.sample(words, min(len(words), self.rng.randint(2, 4)))
        kind = self.rng.choice(NEARS)
        return f" {kind} ".join(words)

    def border_phrase(self):
        """Words on both sides of a border between passages."""
        places = [(document, i) for document in self.documents for i in range(1, len(document.body))
                  if document.body[i - 1][5] < document.body[i][5]]
        if not places:
            return self.document_phrase()
        document, i = self.rng.choice(places)
        body = document.body[max(0, i - self.rng.randint(1, 2)):i + self.rng.randint(1, 2)]
        text = document.record["text"].encode()[body[0][1]:max(token[2] for token in body)]
        return '"' + text.decode().replace('"', "").replace("\n", " ") + '"'

    def many_patterns(self):
        """About as many words with wildcards and edits as a query may have."""
        count = self.rng.randint(90, 110)
        words = ["g*", "*s", "b?r*", "*e*", "nigth~", "a~2", "b*r?e*"]
        return " ".join(self.rng.choice(words) for _ in range(count))

    def many_words(self):
        """About as many words as a query with additions may have."""
        words = [f"w{number}" for number in range(self.rng.randint(990, 1003))] + self.neighbours
        return " ".join(words)

    def deep(self):
        """Parentheses, boosts or NEARs that stand in each other about as deep as they may."""
        kind = self.rng.random()
        if kind < 0.4:
            depth = self.rng.randint(95, 105)
            closed = depth - self.rng.randint(0, 3)
            return "(" * depth + self.word() + " a)" * closed + " " + self.word()
        if kind < 0.7:
            ends = [self.rng.choice([")", ")^1000", ")^0.001"]) for _ in range(6)]
            return "(" * 6 + self.word() + "".join(ends)
        depth = self.rng.randint(8, 12)
        nears = [f" NEAR/{20 + i} {self.word()})" for i in range(depth)]
        return "(" * depth + self.word() + "".join(nears)

    def soup(self):
        lexemes = LEXEMES + self.fields_soup() + [self.word() for _ in range(20)]
        return "".join(self.rng.choice(lexemes) + self.rng.choice(["", " ", " "])
                       for _ in range(self.rng.randint(1, 12)))

    def fields_soup(self):
        """Fields, and values of them."""
        return [field + ":" for field in self.fields] + [
            self.value(self.rng.choice(self.columns)) for _ in range(5 if self.columns else 0)]

    def query(self):
        """A query in bytes, on one line and not blank."""
        self.neighbours = self.document_words(15)
        kind = self.rng.random()
        if kind < 0.5:
            text = self.expression(self.rng.choice([1, 2, 3, 4]))
        elif kind < 0.7:
            text = self.rng.choice([self.document_phrase, self.border_phrase, self.document_near])()
            if self.rng.random() < 0.5:
                text += " " + self.expression(1)
        elif kind < 0.86:
            text = self.soup()
        elif kind < 0.99:
            text = "".join(self.rng.choice(ALPHABET) for _ in range(self.rng.randint(1, 16)))
        else:
            text = self.rng.choice([self.many_patterns, self.many_words, self.deep])()
        data = text.encode()
        if self.rng.random() < 0.03:
            place = self.rng.randrange(len(data) + 1)
            data = data[:place] + self.rng.choice([b"\xff", b"\xe6\x9d", b"\xc3"]) + data[place:]
        return data if data.decode("utf-8", "replace").strip() else b"apple"
