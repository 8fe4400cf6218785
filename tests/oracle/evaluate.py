"""The ranker a second time, as plainly as possible: every document is looked at whole, for every
query. Written from kwic-query(7)."""

from math import log

from places import Places, fits
from querylang import MUST, MUST_NOT, SHOULD, Leaf
from values import passes, shown_value

OWN_KEYS = ("id", "title", "text")  # of records; all others are fields
GAP = 100  # positions between title and body
MOST_LEAVES = 1000  # of a query that has additions
DEFAULT = {"k1": 1, "b": 0.75, "k3": 4, "title-weight": 0.25, "near-weight": 0.075,
           "character-weight": 0.75, "stop-words": "on"}
PLAIN = {"k1": 1.2, "b": 0.75, "k3": 1, "title-weight": 0, "near-weight": 0, "character-weight": 0,
         "stop-words": "off"}


class Document:
    """A live document, its tokens, each (position, start, end, term, stem, passage), and the types
    and values of its fields."""

    def __init__(self, record, body, fields, columns):
        self.id = record["id"]
        self.record = record
        self.title = record.get("title", record.get("label", ""))
        self.shown = {key: value for key, value in record.items() if key not in OWN_KEYS}
        if "label" in record:
            self.shown = {key: shown_value(kind, value) for key, (kind, values) in columns.items()
                          for value in values}
        self.body = body
        self.columns = columns  # name -> (type, values)
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
        self.passage_at = {token[0]: token[5] for token in shifted}


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


# ---- Scores -----------------------------------------------------------------------------------


def idf(documents, holders):
    return log(1 + (documents - holders + 0.5) / (holders + 0.5))


def bm25(weight, tf, length, average, k1, b):
    return weight * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average))


class Ranking:
    """What a person can set of the scores: by default, or with --plain, and one by one."""

    def __init__(self, options):
        known = {**(PLAIN if options.get("plain") else DEFAULT), **options}
        self.k1, self.b, self.k3 = known["k1"], known["b"], known["k3"]
        self.title = known["title-weight"]
        self.near = known["near-weight"]
        self.character = known["character-weight"]
        self.stop_words = known["stop-words"] == "on"

    def repeats(self, leaf):
        return (self.k3 + 1) * leaf.repeats / (self.k3 + leaf.repeats)


def words_of(part):
    """The words of a query that have additions, in order."""
    if isinstance(part, Leaf):
        return [part] * (part.matcher[0] in ("surface", "stem") and not part.field)
    return [word for child in part.parts if child.occur != MUST_NOT for word in words_of(child)]


def count_leaves(part):
    return 1 if isinstance(part, Leaf) else sum(count_leaves(child) for child in part.parts)


def addition(kind, matcher, field, boost, words):
    """One that stands with a clause of one of the words."""
    leaf = Leaf(matcher, field, None)
    leaf.boost = boost
    leaf.part = kind
    leaf.clauses = {word.clause for word in words}
    return leaf


class Additions:
    """What raises the score of documents that match a query: leaves that match none."""

    def __init__(self, root, ranking):
        words = words_of(root) if count_leaves(root) <= MOST_LEAVES else []
        telling = [word for word in words if not word.is_stop]
        following = dict(zip(telling, telling[1:]))
        self.of_words = []  # (the words that have to contribute, what they add)
        for word in words:
            if ranking.title:
                leaf = addition("title", word.matcher, "title", ranking.title * word.boost, [word])
                leaf.repeats = word.repeats
                self.of_words.append(([word], leaf))
            if ranking.near and word in following:
                other = following[word]
                near = ("near", False, 5, ((word.matcher,), (other.matcher,)))
                boost = ranking.near * min(word.boost, other.boost)
                self.of_words.append(([word, other], addition("neighbours", near, "", boost, [word])))
        pairs = {}
        for word in words if ranking.character else []:
            for term in word.held:
                pairs.setdefault(term, []).append(word)
        self.characters = []
        for term in sorted(pairs, key=str.encode):
            boost = max(word.boost for word in pairs[term])
            best = [word for word in pairs[term] if word.boost == boost]
            self.characters.append(addition("character", ("surface", term), "",
                                            ranking.character * boost, best))

    def of(self, contributing):
        """What is added where these leaves contribute."""
        return [leaf for words, leaf in self.of_words
                if all(word in contributing for word in words)] + self.characters


class Collection:
    """The documents that live, and what is counted over all of them; for any number of queries."""

    def __init__(self, documents, most_expansions=10000):
        self.documents = documents
        self.most_expansions = most_expansions
        self.places = Places(self.expand)
        self.terms = {}  # field -> {surface term: documents}
        self.known = {}

    # ---- Matching -----------------------------------------------------------------------------

    def terms_of(self, field):
        if field not in self.terms:
            counts = {}
            for document in self.documents:
                for kind, term in document.index.get(field, {}):
                    if kind == "surface":
                        counts[term] = counts.get(term, 0) + 1
            self.terms[field] = counts
        return self.terms[field]

    def expand(self, matcher, field):
        """The terms that a pattern or a term with edits asks for, those of most documents first."""
        key = ("terms", matcher, field)
        if key not in self.known:
            counts = self.terms_of(field)
            terms = sorted((term for term in counts if fits(matcher, term)),
                           key=lambda term: (-counts[term], term.encode()))
            self.known[key] = terms[:self.most_expansions]
        return self.known[key]

    def occurrences(self, leaf, document):
        return self.places.of(leaf.matcher, document, leaf.field)

    def matches(self, part, document):
        if isinstance(part, Leaf):
            if part.is_filters():
                return passes(part.matcher, document.columns.get(part.field))
            return bool(self.occurrences(part, document))
        if document.id not in part.known:
            part.known[document.id] = self.matches_group(part, document)
        return part.known[document.id]

    def matches_group(self, part, document):
        results = [(child.occur, self.matches(child, document)) for child in part.parts]
        if any(found for occur, found in results if occur == MUST_NOT):
            return False
        must = [found for occur, found in results if occur == MUST]
        should = [found for occur, found in results if occur == SHOULD]
        if not all(must) or (part.minimum and sum(should) < part.minimum):
            return False
        needed = any(child.occur == MUST and not child.narrows for child in part.parts)
        return needed or any(should) or not should

    def contributing(self, part, document):
        """The leaves that add to the score of a document that `part` matches, in order."""
        if isinstance(part, Leaf):
            return [] if part.is_filters() else [part]
        found = []
        for child in part.parts:
            if child.occur != MUST_NOT and self.matches(child, document):
                found += self.contributing(child, document)
        return found

    # ---- Weights ------------------------------------------------------------------------------

    def idf(self, matcher, field):
        key = ("idf", matcher, field)
        if key not in self.known:
            if matcher[0] == "phrase":
                found = sum(self.idf(("surface", term), field) for _, term in matcher[1])
            elif matcher[0] == "near":
                found = sum(min(self.idf(one, field) for one in alternatives)
                            for alternatives in matcher[3])
            else:
                holders = sum(bool(self.places.of(matcher, document, field))
                              for document in self.documents)
                found = idf(len(self.documents), holders)
            self.known[key] = found
        return self.known[key]

    def average(self, field):
        lengths = [document.lengths.get(field, 0) for document in self.documents]
        holders = len(lengths) if field == "" else sum(length > 0 for length in lengths)
        return sum(lengths) / holders if sum(lengths) else 1

    def parts(self, root, additions, ranking, document):
        """Of what the score is the sum: [(leaf, score, frequency, length)]."""
        leaves = self.contributing(root, document)
        found = []
        for leaf in leaves + additions.of(leaves):
            tf = len(self.occurrences(leaf, document))
            if tf:
                length = document.lengths[leaf.field]
                weight = leaf.boost * ranking.repeats(leaf) * self.idf(leaf.matcher, leaf.field)
                score = bm25(weight, tf, length, self.average(leaf.field), ranking.k1, ranking.b)
                found.append((leaf, score, tf, length))
        return found

    def search(self, root, ranking):
        """{id: (score, profile)} of all that match; equal profiles must have equal scores."""
        found = {}
        additions = root and Additions(root, ranking)
        for document in self.documents:
            if root is None or not self.matches(root, document):
                continue
            parts = self.parts(root, additions, ranking, document)
            found[document.id] = (sum(part[1] for part in parts),
                                  tuple((leaf.part, leaf.matcher, leaf.clause, leaf.boost, *rest[1:])
                                        for leaf, *rest in parts))
        return found
