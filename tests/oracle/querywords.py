"""What the text of a word asks for, a second time: its boost, edits and wildcards, and the terms of
its tokens. Written from kwic-query(7), WORDS and OPERATORS.

What is matched is a tuple, so that equal ones are equal:
    ("surface", term)              ("stem", (a stem in each language, ...))
    ("pattern", (run, "*", ...))   ("edits", term, number)
    ("phrase", ((offset, term), ...), slop)
    ("near", ordered, distance, ((alternative, ...), ...))"""

import re
import unicodedata

from querycut import NUMBER, boost_of
from values import TEXT, filter_of

MOST_PATTERNS = 100
WORD_BOOST = re.compile(r"(.+)\^(" + NUMBER + ")", re.DOTALL)
EDITS = re.compile(r"(.+)~([12]?)", re.DOTALL)
OTHER_EDITS = re.compile(r".+~(?![12]$)[0-9]+", re.DOTALL)
RUN = re.compile(r"[*?]+")
APOSTROPHES = str.maketrans({**dict.fromkeys("\u2018\u2019\u02bc\u05f3", "'"), "\u05f4": '"'})
NO_LETTERS = "\u00b7\u02bb\u02be\u02bf\u02b9\u02ba"
PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "æ": "ae",
                       "œ": "oe", "ŋ": "n", "ħ": "h", "ŧ": "t"})
SEMITIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك",
                         "ة": "ه", "ـ": None})


def is_letter(character):
    return unicodedata.category(character)[0] in "LMN" if character else False


# ---- Folding ----------------------------------------------------------------------------------


def written_form(run):
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", run).casefold())
    text = "".join(one for one in text.translate(APOSTROPHES)
                   if unicodedata.category(one) != "Cf" and not "\ufe00" <= one <= "\ufe0f")
    if re.fullmatch(r"[^\W\d_](?:\.[^\W\d_])+", text):
        text = text.replace(".", "")
    text = re.sub("(?<=i)\u0307|(?<=[аеиоуыэюяєі])\u0301", "", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text)


def turkish_form(run):
    return written_form(run.replace("I\u0307", "i").replace("I", "ı"))


def goes(base, mark):
    """Whether a mark on a character goes, by their names."""
    if base.startswith(("LATIN", "GREEK", "ARABIC")):
        return mark.startswith(("COMBINING", "ARABIC"))
    return base.startswith("HEBREW") and mark.startswith("HEBREW")


def folded(run):
    """The surface form of a word that is just this run, marks off where the script's readers do
    without."""
    found = []
    base = ""
    for one in unicodedata.normalize("NFD", written_form(run)):
        if one in NO_LETTERS:
            continue
        if unicodedata.category(one)[0] != "M":
            base = one
        elif goes(unicodedata.name(base, "") if base else "", unicodedata.name(one, "")):
            continue
        elif base == "е" and one == "\u0308" or one in "\u0300\u0301" and "а" <= base <= "я":
            continue
        found.append(one)
    return unicodedata.normalize("NFC", "".join(found)).translate(PLAIN).translate(SEMITIC)


# ---- A word's parts ---------------------------------------------------------------------------


class Word:
    """A piece's text without its boost and edits, its wildcards (places in its bytes), its edits,
    and how often it counts among the patterns of the query."""

    def __init__(self, piece, literal, notes):
        self.notes = notes
        self.kind = piece.kind
        self.boost = piece.boost
        self.slop = piece.slop
        self.text = piece.text
        self.wildcards = set()
        self.edits = 0
        self.patterns = 0
        self.plain = self.text
        if literal or piece.kind == "phrase":
            return
        found = WORD_BOOST.fullmatch(self.text)
        if found and boost_of(found[2]) is None:
            notes.append("boost of a word")
        elif found:
            self.text = found[1]
            self.boost = boost_of(found[2])
        self.plain = self.text
        if piece.kind == "word":
            self.read_patterns()

    def read_patterns(self):
        if OTHER_EDITS.fullmatch(self.text):
            self.notes.append("other edits")
        found = EDITS.fullmatch(self.text)
        self.text = found[1] if found else self.text
        runs = wildcard_runs(self.text)
        if runs:
            self.wildcards = {len(self.text[:place].encode()) for run in runs for place in run}
            self.patterns = len(runs)
            if found:
                self.notes.append("edits of wildcards")
        elif found:
            self.edits = int(found[2] or 1)
            self.patterns = 1

    def make_plain(self):
        """Takes it as text, wildcards and edits and all."""
        self.text = self.plain
        self.wildcards = set()
        self.edits = self.patterns = 0

    def analyzed(self):
        """The text whose tokens count: each wildcard is a letter x."""
        data = bytearray(self.text.encode())
        for place in self.wildcards:
            data[place] = ord("x")
        return data.decode()


def wildcard_runs(text):
    """The places of the wildcards of a word, a range for each run."""
    if "://" in text:
        return []
    runs = []
    for found in RUN.finditer(text):
        start, end = found.span()
        if not is_letter(text[end:end + 1]):
            end = start + len(found[0].rstrip("?"))
        if start < end and (is_letter(text[start - 1:start]) or is_letter(text[end:end + 1])):
            runs.append(range(start, end))
    return runs


def read_value(piece, field, fields, notes):
    """Makes a filter of a word or phrase in a column, or text of no field if it does not fit."""
    uses = fields.get(field or "", {TEXT})
    if uses == {TEXT}:
        return
    piece.value = filter_of(piece.text, uses, piece.kind != "word")
    if piece.value and (piece.slop or piece.boost != 1):
        notes.append("slop or boost behind a value")
    elif not piece.value and TEXT not in uses:
        piece.field = ""
        notes.append("a value that does not fit")


def read_values(pieces, fields, notes):
    around = [None]
    for piece in pieces:
        mine = piece.field if piece.field is not None else around[-1]
        if piece.kind == "open":
            around.append(mine)
        elif piece.kind == "close":
            around.pop()
        elif piece.kind in ("word", "exact", "phrase"):
            read_value(piece, mine, fields, notes)


def read_words(pieces, literal, notes):
    """Gives each piece that is a word its Word; those beyond the most patterns are text."""
    count = 0
    for piece in pieces:
        if piece.kind in ("word", "exact", "phrase") and not piece.value:
            word = piece.word = Word(piece, literal, notes)
            if count + word.patterns > MOST_PATTERNS:
                word.make_plain()
                notes.append("too many patterns")
            count += word.patterns


# ---- Terms ------------------------------------------------------------------------------------


def holds(token, other):
    return (token[1] <= other[1] and other[2] <= token[2]
            and token[2] - token[1] > other[2] - other[1])


def is_held(token, tokens):
    return any(holds(other, token) for other in tokens)


class Asked:
    """A covering token of a word: its position, its surface term, what it asks for as a word of its
    own, and whether by a pattern or edits; the surface terms of the tokens that it holds."""

    def __init__(self, token, tokens, matcher=None):
        self.position = token[0]
        self.term = token[3]
        self.stem = token[4]
        self.readings = token[5]
        self.written = token[6]
        self.held = [] if matcher else [other[3] for other in tokens if holds(token, other)]
        self.fuzzy = matcher is not None
        self.matcher = matcher or (("stem", self.stem) if self.stem else self.exact())

    def exact(self, reading=0):
        return ("surface", self.readings[min(reading, len(self.readings) - 1)])


def pattern_of(word, token, fold):
    """A token with wildcards as runs and wildcards, or None if it has nothing else."""
    data = word.text.encode()
    found = []
    start = token[1]
    for place in sorted(at for at in word.wildcards if token[1] <= at < token[2]) + [token[2]]:
        run = fold(data[start:place].decode())
        if run:
            found.append(run)
        if place < token[2]:
            wildcard = data[place:place + 1].decode()
            if wildcard != "*" or found[-1:] != ["*"]:
                found.append(wildcard)
        start = place + 1
    return ("pattern", tuple(found)) if set(found) - {"*", "?"} else None


def asked(word, tokens, fold):
    """The covering tokens of a word, in order."""
    covering = [token for token in tokens if not is_held(token, tokens)]
    found = []
    for i, token in enumerate(covering):
        if any(token[1] <= place < token[2] for place in word.wildcards):
            matcher = pattern_of(word, token, fold)
            if matcher:
                found.append(Asked(token, tokens, matcher))
        elif word.edits and i == len(covering) - 1:
            found.append(Asked(token, tokens, ("edits", token[3], word.edits)))
        else:
            found.append(Asked(token, tokens))
    return found


def phrases(parts, slop):
    """An exact word or a phrase, in each way to read it."""
    found = []
    for reading in range(max(len(part.readings) for part in parts)):
        terms = tuple((part.position - parts[0].position, part.exact(reading)[1]) for part in parts)
        found.append(("phrase", terms, slop) if len(parts) > 1 else parts[0].exact(reading))
    return tuple(found)


def as_one(parts, slop=0):
    """What several tokens ask for one behind the other, as alternatives: a phrase, or with patterns
    an ONEAR."""
    if not any(part.fuzzy for part in parts):
        return phrases(parts, slop)
    runs = []
    for part in parts:
        if runs and not part.fuzzy and not runs[-1][0].fuzzy:
            runs[-1].append(part)
        else:
            runs.append([part])
    operands = tuple((run[0].matcher,) if run[0].fuzzy else phrases(run, 0) for run in runs)
    if len(operands) == 1:
        return operands[0]
    distance = max(b[0].position - a[-1].position for a, b in zip(runs, runs[1:]))
    return (("near", True, distance, operands),)
