"""A query's text cut into pieces, a second time: written from kwic-query(7) alone, its sections
OPERATORS and WHAT DOES NOT PARSE. What a word's own text asks for is in querywords.py."""

import re
from math import inf

WHITE = re.compile(
    "[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
QUOTES = '"\u201c\u201d'
DEEPEST = 100
FARTHEST = 10000  # distance or slop
OPERATOR = re.compile(r"(AND|OR|NOT)|(NEAR|ONEAR)(?:/([0-9]+))?")
NUMBER = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
BOOST = re.compile(r"\^(" + NUMBER + ")")
SLOP = re.compile(r"~([0-9]+)")
DIGITS_OF_BOOST = 15
WORDS = ("word", "exact", "phrase")


class Piece:
    """A piece of a query. Kinds: word, exact, phrase, AND, OR, NOT, NEAR, open, close, ignored."""

    def __init__(self, kind, text="", sign=None, field=None):
        self.kind = kind
        self.text = text
        self.sign = sign
        self.field = field
        self.boost = 1.0
        self.value = None  # what it asks for as a filter
        self.slop = 0
        self.ordered = False  # of a NEAR
        self.distance = 10  # of a NEAR
        self.partner = None  # of a parenthesis


def boost_of(digits):
    """A boost's number, or None if it is none that counts."""
    if sum(one != "." for one in digits) > DIGITS_OF_BOOST or not 0.001 <= float(digits) <= 1000:
        return None
    return float(digits)


def number_of(digits):
    """A distance or slop; any that is too far is infinite."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(FARTHEST)) else inf


def farthest(number, notes):
    if number > FARTHEST:
        notes.append("distance or slop")
    return min(number, FARTHEST)


class Cutter:
    def __init__(self, text, fields, notes):
        self.text = text
        self.notes = notes
        self.fields = fields
        self.open = []  # pieces that were read as open parentheses
        self.pieces = []

    def at(self, place):
        return self.text[place] if place < len(self.text) else ""

    def white(self, place):
        return place < len(self.text) and bool(WHITE.match(self.text[place]))

    def ends(self, place):
        return place >= len(self.text) or self.text[place] == ")" or self.white(place)

    def cut(self):
        place = 0
        sign_counts = True
        while place < len(self.text):
            if self.white(place):
                place += 1
                sign_counts = True
                continue
            place = self.piece(place, sign_counts)
            sign_counts = self.pieces[-1].kind == "open"
        return self.pieces

    def add(self, kind, text="", sign=None, field=None):
        self.pieces.append(Piece(kind, text, sign, field))
        return self.pieces[-1]

    def piece(self, place, sign_counts):
        """Cuts the piece at `place`; returns where it ends."""
        if self.at(place) == ")" and self.open:
            return self.close(place)
        sign = field = None
        if (sign_counts and self.at(place) in "+-" and not self.ends(place + 1)
                and self.at(place + 1) not in "+-"):
            sign = self.at(place)
            place += 1
        name = self.field_at(place)
        if name is not None:
            field = name
            place += len(name) + 1
        if self.at(place) == "(":
            self.open.append(self.add("open", "", sign, field))
            return place + 1
        if self.at(place) in QUOTES:
            return self.quote(place, sign, field)
        if self.at(place) == "=" and self.begins_exact(place + 1):
            end = self.word_end(place + 1, False)
            self.add("exact", self.text[place + 1:end], sign, field)
            return end
        plain = sign is None and field is None
        end = self.word_end(place, plain)
        self.word(self.text[place:end], sign, field)
        return end

    def close(self, place):
        piece = self.add("close")
        piece.partner = self.open.pop()
        piece.partner.partner = piece
        found = BOOST.match(self.text, place + 1)
        if found and self.ends(found.end()):
            if boost_of(found[1]) is None:
                self.notes.append("boost behind a parenthesis")
                return place + 1
            piece.partner.boost = boost_of(found[1])
            return found.end()
        return place + 1

    def word(self, text, sign, field):
        operator = OPERATOR.fullmatch(text) if sign is None and field is None else None
        if operator is None:
            self.add("word", text, sign, field)
            return
        piece = self.add(operator[1] or "NEAR", text)
        if operator[2]:
            piece.ordered = operator[2] == "ONEAR"
            piece.distance = number_of(operator[3] or "10")

    def field_at(self, place):
        fits = [name for name in self.fields
                if self.text.startswith(name + ":", place) and not self.ends(place + len(name) + 1)]
        return max(fits, key=lambda name: len(name.encode()), default=None)

    def quote(self, place, sign, field):
        end = place + 1
        while end < len(self.text) and self.text[end] not in QUOTES:
            end += 1
        if end == len(self.text):
            self.notes.append("unclosed quote")
            self.add("ignored", "", sign, field)
            return place + 1
        piece = self.add("phrase", self.text[place + 1:end], sign, field)
        return self.behind_quote(piece, end + 1)

    def behind_quote(self, piece, end):
        """Gives a phrase its slop and boost; returns where they end."""
        behind = end
        slop = SLOP.match(self.text, behind)
        if slop:
            behind = slop.end()
        elif self.at(end) == "~" and self.ends(end + 1):
            self.notes.append("slop without a number")
        boost = BOOST.match(self.text, behind)
        if boost:
            behind = boost.end()
        if behind == end or not self.ends(behind):
            return end
        if boost and boost_of(boost[1]) is None:
            if not slop:  # else the word that begins here says so
                self.notes.append("boost behind a phrase")
            return end
        piece.slop = farthest(number_of(slop[1]), self.notes) if slop else 0
        piece.boost = boost_of(boost[1]) if boost else 1.0
        return behind

    def begins_exact(self, place):
        character = self.at(place)
        if self.ends(place) or character in QUOTES:
            return False
        return character == "_" or character > "\x7f" or character.isalnum()

    def word_end(self, place, plain):
        start = place
        depth = 0
        while place < len(self.text) and not self.white(place):
            character = self.text[place]
            if character == "(":
                if plain and OPERATOR.fullmatch(self.text[start:place]):
                    break
                depth += 1
            elif character == ")":
                if depth:
                    depth -= 1
                elif self.open:
                    break
                else:
                    self.notes.append("unmatched parenthesis")
            place += 1
        return place


# ---- What does not parse ----------------------------------------------------------------------


def ignore_parentheses(pieces, notes):
    """Ignores the unclosed ones, then those that are too deep."""
    for piece in pieces:
        if piece.kind == "open" and piece.partner is None:
            piece.kind = "ignored"
            notes.append("unclosed parenthesis")
    depth = 0
    for piece in pieces:
        if piece.kind == "open":
            depth += 1
            if depth > DEEPEST:
                piece.kind = "ignored"
                notes.append("parenthesis too deep")
        elif piece.kind == "close":
            depth -= 1
            if piece.partner.kind == "ignored":
                piece.kind = "ignored"


def settle_operators(pieces, notes):
    """Makes words of operators without operands. All see the others as they were written."""
    here = [piece for piece in pieces if piece.kind != "ignored"]
    kinds = [piece.kind for piece in here] + ["end", "end"]
    before = WORDS + ("close",)
    behind = WORDS + ("open",)
    for i, piece in enumerate(here):
        kind = piece.kind
        if kind == "NOT":
            stands = kinds[i + 1] in behind
        elif kind in ("AND", "OR", "NEAR"):
            follows = kinds[i + 1] in behind or (kind != "NEAR" and kinds[i + 1] == "NOT"
                                                 and kinds[i + 2] in behind)
            stands = i > 0 and kinds[i - 1] in before and follows
        else:
            continue
        if not stands:
            piece.kind = "word"
            notes.append("operator without operands")


def hand_over(pieces):
    """Signs and fields before what is ignored go to the next piece that can have one."""
    sign = field = None
    for piece in pieces:
        if piece.kind == "ignored":
            sign = piece.sign or sign
            field = piece.field or field
        elif piece.kind == "close":
            sign = field = None
        elif piece.kind in WORDS + ("open",):
            piece.sign = piece.sign or sign
            piece.field = piece.field or field
            sign = field = None
    return [piece for piece in pieces if piece.kind != "ignored"]


def cut(text, fields, literal, notes):
    """The pieces of a query, with the operators that have their operands; what does not parse is
    added to `notes`."""
    if literal:
        return [Piece("word", word) for word in WHITE.split(text) if word]
    pieces = Cutter(text, fields, notes).cut()
    ignore_parentheses(pieces, notes)
    settle_operators(pieces, notes)
    return hand_over(pieces)
