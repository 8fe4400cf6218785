"""The query language a second time: from a query's text to groups and leaves, written from
kwic-query(7) alone. It works on bytes, as the page does where it matters, and asks a caller's
function for the tokens of a piece."""

import re

WHITE = re.compile(
    "[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
QUOTES = '"\u201c\u201d'
DEEPEST = 100
SHOULD, MUST, MUST_NOT = "should", "must", "must not"


class Piece:
    """A piece of a query. Kinds: word, exact, phrase, AND, OR, NOT, open, close, ignored."""

    def __init__(self, kind, text="", sign=None, field=None):
        self.kind = kind
        self.text = text
        self.sign = sign
        self.field = field
        self.partner = None  # of a parenthesis
        self.clause = None


class Leaf:
    """What is scored as one: a single term, or a phrase of terms at offsets."""

    def __init__(self, kind, terms, field, clause):
        self.kind = kind  # "surface", "stem" or "phrase"
        self.terms = terms  # [(offset, term)]
        self.field = field or ""
        self.clause = clause
        self.repeats = 1
        self.occur = SHOULD


class Several:
    """A bare word of several tokens: words where they are optional, else a phrase."""

    def __init__(self, tokens, field, clause):
        self.tokens = tokens
        self.field = field
        self.clause = clause

    def settle(self, occur):
        if occur == SHOULD:
            return [stem_leaf(token, self.field, self.clause) for token in self.tokens]
        return [exact_leaf(self.tokens, self.field, self.clause)]


class Group:
    def __init__(self, parts):
        self.parts = parts
        self.occur = SHOULD


# ---- Cutting ----------------------------------------------------------------------------------


class Cutter:
    def __init__(self, text, fields):
        self.text = text
        self.fields = fields
        self.open = []  # pieces that were read as open parentheses
        self.pieces = []

    def at(self, place):
        return self.text[place] if place < len(self.text) else ""

    def white(self, place):
        return place < len(self.text) and bool(WHITE.match(self.text[place]))

    def cut(self):
        place = 0
        sign_counts = True
        while place < len(self.text):
            if self.white(place):
                place += 1
                sign_counts = True
                continue
            place = self.piece(place, sign_counts)
            sign_counts = bool(self.pieces) and self.pieces[-1].kind == "open"
        return self.pieces

    def piece(self, place, sign_counts):
        """Cuts the piece at `place`; returns where it ends."""
        if self.at(place) == ")" and self.open:
            piece = Piece("close")
            piece.partner = self.open.pop()
            piece.partner.partner = piece
            self.pieces.append(piece)
            return place + 1
        sign = field = None
        following = self.at(place + 1)
        if (sign_counts and self.at(place) in "+-" and following and following not in ")+-"
                and not self.white(place + 1)):
            sign = self.at(place)
            place += 1
        name = self.field_at(place)
        if name is not None:
            field = name
            place += len(name) + 1
        if self.at(place) == "(":
            piece = Piece("open", sign=sign, field=field)
            self.open.append(piece)
            self.pieces.append(piece)
            return place + 1
        if self.at(place) in QUOTES:
            return self.quote(place, sign, field)
        if self.at(place) == "=" and self.begins_exact(place + 1):
            end = self.word_end(place + 1, operator=False)
            self.pieces.append(Piece("exact", self.text[place + 1:end], sign, field))
            return end
        plain = sign is None and field is None
        end = self.word_end(place, operator=plain)
        word = self.text[place:end]
        kind = word if plain and word in ("AND", "OR", "NOT") else "word"
        self.pieces.append(Piece(kind, word, sign, field))
        return end

    def field_at(self, place):
        best = None
        for name in self.fields:
            end = place + len(name)
            if self.text.startswith(name + ":", place) and (best is None or len(name) > len(best)):
                following = self.at(end + 1)
                if following and following != ")" and not self.white(end + 1):
                    best = name
        return best

    def quote(self, place, sign, field):
        end = place + 1
        while end < len(self.text) and self.text[end] not in QUOTES:
            end += 1
        if end == len(self.text):
            self.pieces.append(Piece("ignored", sign=sign, field=field))
            return place + 1
        self.pieces.append(Piece("phrase", self.text[place + 1:end], sign, field))
        return end + 1

    def begins_exact(self, place):
        character = self.at(place)
        if not character or self.white(place) or character in QUOTES:
            return False
        return character == "_" or character > "\x7f" or character.isalnum()

    def word_end(self, place, operator):
        start = place
        depth = 0
        while place < len(self.text) and not self.white(place):
            character = self.text[place]
            if character == "(":
                if operator and self.text[start:place] in ("AND", "OR", "NOT"):
                    break
                depth += 1
            elif character == ")":
                if depth:
                    depth -= 1
                elif self.open:
                    break
            place += 1
        return place


# ---- What does not parse ----------------------------------------------------------------------


def ignore_parentheses(pieces):
    """Ignores the unclosed ones, then those that are too deep."""
    for piece in pieces:
        if piece.kind == "open" and piece.partner is None:
            piece.kind = "ignored"
    depth = 0
    for piece in pieces:
        if piece.kind == "open":
            depth += 1
            if depth > DEEPEST:
                piece.kind = "ignored"
        elif piece.kind == "close":
            depth -= 1
            if piece.partner.kind == "ignored":
                piece.kind = "ignored"


def settle_operators(pieces):
    """Makes words of operators without operands. All see the others as they were written."""
    here = [piece for piece in pieces if piece.kind != "ignored"]
    kinds = [piece.kind for piece in here] + ["end", "end"]
    before = ("word", "exact", "phrase", "close")
    behind = ("word", "exact", "phrase", "open")
    for i, piece in enumerate(here):
        kind = piece.kind
        if kind == "NOT":
            stands = kinds[i + 1] in behind
        elif kind in ("AND", "OR"):
            follows = kinds[i + 1] in behind or (kinds[i + 1] == "NOT" and kinds[i + 2] in behind)
            stands = i > 0 and kinds[i - 1] in before and follows
        else:
            continue
        if not stands:
            piece.kind = "word"


def hand_over(pieces):
    """Signs and fields before what is ignored go to the next piece that can have one."""
    sign = field = None
    for piece in pieces:
        if piece.kind == "ignored":
            sign = piece.sign or sign
            field = piece.field or field
        elif piece.kind == "close":
            sign = field = None
        elif piece.kind in ("word", "exact", "phrase", "open"):
            piece.sign = piece.sign or sign
            piece.field = piece.field or field
            sign = field = None
    return [piece for piece in pieces if piece.kind != "ignored"]


def cut(text, fields, literal):
    """The pieces of a query, numbered as clauses."""
    if literal:
        pieces = [Piece("word", word) for word in WHITE.split(text) if word]
    else:
        pieces = Cutter(text, fields).cut()
        ignore_parentheses(pieces)
        settle_operators(pieces)
        pieces = hand_over(pieces)
    clause = 0
    for piece in pieces:
        if piece.kind in ("word", "exact", "phrase"):
            piece.clause = clause
            clause += 1
    return pieces


# ---- Grammar ----------------------------------------------------------------------------------


class Planner:
    """Reads pieces by the page's grammar and makes tidied groups of leaves. `tokens_of` gives a
    piece's tokens as (position, start, end, term, stems)."""

    def __init__(self, pieces, tokens_of, use_all):
        self.pieces = pieces
        self.place = 0
        self.tokens_of = tokens_of
        self.use_all = use_all

    def kind(self):
        return self.pieces[self.place].kind if self.place < len(self.pieces) else "end"

    def query(self, field):
        parts = []
        while self.kind() not in ("end", "close"):
            part, occur = self.either(field)
            if occur == SHOULD and self.use_all:
                occur = MUST
            parts.append((part, occur))
        return tidy(parts)

    def either(self, field):
        operands = [self.both(field)]
        while self.kind() == "OR":
            self.place += 1
            operands.append(self.both(field))
        if len(operands) == 1:
            return operands[0]
        parts = []
        for part, occur in operands:
            if occur == MUST_NOT:
                part = tidy([(part, MUST_NOT)])
            parts.append((part, SHOULD))
        return tidy(parts), SHOULD

    def both(self, field):
        operands = [self.negation(field)]
        while self.kind() == "AND":
            self.place += 1
            operands.append(self.negation(field))
        if len(operands) == 1:
            return operands[0]
        parts = [(part, MUST_NOT if occur == MUST_NOT else MUST) for part, occur in operands]
        return tidy(parts), SHOULD

    def negation(self, field):
        if self.kind() != "NOT":
            return self.operand(field)
        self.place += 1
        part, _ = self.operand(field)
        return part, MUST_NOT

    def operand(self, field):
        piece = self.pieces[self.place]
        self.place += 1
        field = piece.field if piece.field is not None else field
        occur = {"+": MUST, "-": MUST_NOT, None: SHOULD}[piece.sign]
        if piece.kind == "open":
            part = self.query(field)
            self.place += 1
            return part, occur
        return self.word(piece, field), occur

    def word(self, piece, field):
        tokens = self.tokens_of(piece.text)
        covering = [token for token in tokens if not is_held(token, tokens)]
        if not covering:
            return None
        bare = piece.kind == "word"
        if bare and len(covering) == 1:
            return stem_leaf(covering[0], field, piece.clause)
        if bare:
            return Several(covering, field, piece.clause)
        return exact_leaf(covering, field, piece.clause)


def is_held(token, tokens):
    return any(other[1] <= token[1] and token[2] <= other[2]
               and other[2] - other[1] > token[2] - token[1] for other in tokens)


def stem_leaf(token, field, clause):
    kind, term = ("stem", token[4]) if token[4] else ("surface", token[3])
    return Leaf(kind, [(0, term)], field, clause)


def exact_leaf(tokens, field, clause):
    terms = [(token[0] - tokens[0][0], token[3]) for token in tokens]
    return Leaf("surface" if len(terms) == 1 else "phrase", terms, field, clause)


def tidy(parts):
    """A group of (part, occurrence), tidied: a leaf, a group, or None."""
    kept = []
    settled = [(one, occur) for part, occur in parts if part is not None
               for one in (part.settle(occur) if isinstance(part, Several) else [part])]
    for part, occur in settled:
        same = next((other for other in kept if isinstance(part, Leaf) and part.kind != "phrase"
                     and isinstance(other, Leaf) and other.occur == occur
                     and (other.kind, other.terms, other.field)
                     == (part.kind, part.terms, part.field)), None)
        if same:
            same.repeats += part.repeats
            continue
        part.occur = occur
        kept.append(part)
    if not kept:
        return None
    if len(kept) == 1 and kept[0].occur != MUST_NOT:
        return kept[0]
    return Group(kept)


def plan(text, fields, tokens_of, use_all=False, literal=False):
    """The query's root: a leaf, a group, or None if it asks for nothing."""
    pieces = cut(text, fields, literal)
    return Planner(pieces, tokens_of, use_all).query(None)


def texts(text, fields, literal=False):
    """The texts whose tokens the plan will ask for."""
    return [piece.text for piece in cut(text, fields, literal) if piece.clause is not None]
