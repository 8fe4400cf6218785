"""The ranker, the passage chooser and the highlighter a second time, as plainly as possible: every
document is looked at whole, for every query. Written from kwic-query(7)."""

from math import log

from querylang import MUST, MUST_NOT, SHOULD, Leaf

GAP = 100  # positions between title and body


class Document:
    """A live document and its tokens, each (position, start, end, term, stem, passage)."""

    def __init__(self, record, body, fields):
        self.id = record["id"]
        self.record = record
        self.body = body
        self.fields = {}  # name -> tokens, their positions from 0
        self.lengths = {}  # name -> words
        for name, tokens in fields.items():
            if tokens:
                self.fields[name] = tokens
                self.lengths[name] = 1 + max(token[0] for token in tokens)
        title = self.fields.get("title", [])
        words = self.lengths.get("title", 0)
        self.base = words + GAP if words else 0
        shifted = [(token[0] + self.base,) + token[1:] for token in body]
        self.fields[""] = [token[:5] + (None,) for token in title] + shifted
        self.lengths[""] = words + (1 + body[-1][0] if body else 0)
        self.index = {name: index_tokens(tokens) for name, tokens in self.fields.items()}
        self.passages = passages(record["text"], shifted, self.base)


def index_tokens(tokens):
    """(kind, term) -> {position: token}."""
    index = {}
    for token in tokens:
        for kind, term in (("surface", token[3]), ("stem", token[4])):
            if term:
                index.setdefault((kind, term), {}).setdefault(token[0], token)
    return index


def passages(text, tokens, base):
    """Each passage's (first position, words). One without tokens has no words."""
    if not text:
        return []
    count = 1 + max((token[5] for token in tokens), default=0)
    found = []
    for number in range(count):
        positions = [token[0] for token in tokens if token[5] == number]
        words = 1 + max(positions) - min(positions) if positions else 0
        found.append((base, words))
        base += words
    return found


# ---- Matching ---------------------------------------------------------------------------------


def occurrences(leaf, document):
    """Where a leaf stands: (first token, last token), by position."""
    index = document.index.get(leaf.field, {})
    if leaf.kind != "phrase":
        found = holders(index, leaf.kind, leaf.terms[0][1])
        return [(found[position],) * 2 for position in sorted(found)]
    rows = [(offset, index.get(("surface", term), {})) for offset, term in leaf.terms]
    places = []
    for start in sorted(rows[0][1]):
        tokens = [row.get(start + offset) for offset, row in rows]
        if all(tokens):
            places.append((tokens[0], tokens[-1]))
    return places


def holders(index, kind, term):
    """Where a surface term stands, or any of the stems of a word."""
    found = {}
    for one in term if kind == "stem" else (term,):
        found.update(index.get((kind, one), {}))
    return found


def matches(part, document):
    if isinstance(part, Leaf):
        return bool(occurrences(part, document))
    results = [(child.occur, matches(child, document)) for child in part.parts]
    if any(found for occur, found in results if occur == MUST_NOT):
        return False
    must = [found for occur, found in results if occur == MUST]
    should = [found for occur, found in results if occur == SHOULD]
    return all(must) if must else any(should) if should else True


def contributing(part, document):
    """The leaves that add to the score of a document that `part` matches, in order."""
    if isinstance(part, Leaf):
        return [part]
    found = []
    for child in part.parts:
        if child.occur != MUST_NOT and matches(child, document):
            found += contributing(child, document)
    return found


# ---- Scores -----------------------------------------------------------------------------------


def idf(documents, holders):
    return log(1 + (documents - holders + 0.5) / (holders + 0.5))


def bm25(leaf, weight, tf, length, average, k1, b):
    q = leaf.repeats
    return 2 * q / (1 + q) * weight * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average))


class Collection:
    def __init__(self, documents, k1=1.2, b=0.75):
        self.documents = documents
        self.k1 = k1
        self.b = b

    def leaf_idf(self, leaf):
        kind = "surface" if leaf.kind == "phrase" else leaf.kind
        return sum(idf(len(self.documents),
                       sum(bool(holders(document.index.get(leaf.field, {}), kind, term))
                           for document in self.documents))
                   for _, term in leaf.terms)

    def average(self, field):
        lengths = [document.lengths.get(field, 0) for document in self.documents]
        holders = len(lengths) if field == "" else sum(length > 0 for length in lengths)
        return sum(lengths) / holders if sum(lengths) else 1

    def search(self, root):
        """{id: (score, profile)} of all that match; equal profiles must have equal scores."""
        found = {}
        constants = {}
        for document in self.documents:
            if root is None or not matches(root, document):
                continue
            score = 0.0
            profile = []
            for leaf in contributing(root, document):
                if leaf not in constants:
                    constants[leaf] = (self.leaf_idf(leaf), self.average(leaf.field))
                weight, average = constants[leaf]
                tf = len(occurrences(leaf, document))
                length = document.lengths[leaf.field]
                score += bm25(leaf, weight, tf, length, average, self.k1, self.b)
                profile.append((id(leaf), tf, length))
            found[document.id] = (score, tuple(profile))
        return found

    # ---- Passages -----------------------------------------------------------------------------

    def choices(self, root, document, limit):
        """The passages to show: (candidates, chosen), where candidates are (score, clauses,
        passage) and chosen are (first, last), best first."""
        if not document.passages:
            return [], [(None, None)]
        places = []
        for order, leaf in enumerate(contributing(root, document)):
            if leaf.field == "":
                places += [(order, leaf, where) for where in occurrences(leaf, document)
                           if where[0][5] is not None]
        reach = {number: [number, number] for number in range(len(document.passages))}
        for _, _, (first, last) in places:
            for number in range(first[5], last[5] + 1):
                reach[number][0] = min(reach[number][0], first[5])
                reach[number][1] = max(reach[number][1], last[5])
        candidates = [self.candidate(number, places, document)
                      for number in sorted({where[0][5] for _, _, where in places})]
        candidates.sort(key=lambda one: (-one[0], -one[1], one[2]))
        chosen = []
        for _, _, number in candidates:
            first, last = reach[number]
            if not any(shown[0] <= first and last <= shown[1] for shown in chosen):
                chosen.append((first, last))
        if limit:
            chosen = chosen[:limit]
        return candidates, chosen or [(0, 0)]

    def candidate(self, number, places, document):
        """A passage's (score, clauses, number), the document's passages being the collection."""
        count = len(document.passages)
        average = sum(words for _, words in document.passages) / count or 1
        score = 0.0
        clauses = set()
        for order in sorted({order for order, _, _ in places}):
            begins = [(leaf, where[0][5]) for at, leaf, where in places if at == order]
            tf = sum(passage == number for _, passage in begins)
            if tf:
                leaf = begins[0][0]
                weight = idf(count, len({passage for _, passage in begins}))
                score += bm25(leaf, weight, tf, document.passages[number][1], average,
                              self.k1, self.b)
                clauses.add(leaf.clause)
        return score, len(clauses), number


def highlights(root, document, first, last, start):
    """[from, to, clause] of what lies wholly in the passages first..last, which begin at the byte
    `start` of the text."""
    found = set()
    for leaf in contributing(root, document):
        if leaf.field != "":
            continue
        for begin, end in occurrences(leaf, document):
            if begin[5] is not None and first <= begin[5] and end[5] <= last:
                found.add((begin[1] - start, end[2] - start, leaf.clause))
    return [list(one) for one in sorted(found, key=lambda one: (one[0], -one[1], one[2]))]
