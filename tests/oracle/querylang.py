"""The query language a second time: from a query's pieces to groups and leaves, written from
kwic-query(7) alone, its sections NEAR, PRECEDENCE, WHAT DOES NOT PARSE and CLAUSES. It asks a
caller's function for the tokens of a piece."""

from copy import copy

from querycut import FARTHEST, WORDS, cut, farthest
from querywords import Word, as_one, asked, read_value, read_values, read_words

SHOULD, MUST, MUST_NOT = "should", "must", "must not"
MOST_OPERANDS = 10
DEEPEST_NEAR = 10
LEAST_BOOST, MOST_BOOST = 1e-9, 1e9
STOP_BOOST = 0.2


class Leaf:
    """What is scored as one."""

    def __init__(self, matcher, field, clause, boost=1.0):
        self.matcher = matcher
        self.field = field or ""
        self.clause = clause
        self.part = "query"  # what it is in the sum of a score
        self.clauses = {clause}
        self.boost = min(max(boost, LEAST_BOOST), MOST_BOOST)
        self.repeats = 1
        self.is_stop = False  # a bare stop word
        self.held = []  # of a pair the surface terms of its characters
        self.occur = SHOULD
        self.narrows = False

    def is_filters(self):
        return self.matcher[0] == "filter"

    def equals(self):
        """What is equal in leaves that merge."""
        return (self.matcher, self.field, self.boost, self.occur)


class Group:
    def __init__(self, parts):
        self.parts = parts
        self.known = {}  # id of a document -> whether it matches
        self.occur = SHOULD
        self.narrows = False
        self.minimum = 0

    def is_filters(self):
        """Whether it holds nothing but filters."""
        return all(part.is_filters() for part in self.parts)


class Several:
    """What is several parts where it is optional, and else `one`."""

    def __init__(self, leaves, one):
        self.leaves = leaves
        self.one = one

    def is_filters(self):
        return False


# ---- Operands and NEARs -----------------------------------------------------------------------


class Item:
    """An operator of a parenthesis's inside, or an operand: a word, a parenthesis or a NEAR."""

    def __init__(self, kind, piece=None, sign=None, field=None, inside=()):
        self.kind = kind  # AND, OR, NOT, NEAR, word, parenthesis, joined
        self.piece = piece
        self.sign = sign
        self.field = field
        self.inside = list(inside)
        self.clause = None

    def is_operand(self):
        return self.kind in ("word", "parenthesis", "joined")

    def fields(self):
        if self.kind == "word":
            return {self.field}
        return {field for item in self.inside if item.is_operand() for field in item.fields()}

    def depth(self):
        deepest = max((item.depth() for item in self.inside), default=0)
        return deepest + 1 if self.kind == "joined" else deepest

    def boosts(self, within=False):
        """How many boosts stand within NEARs in it."""
        mine = 0
        if within and self.kind in ("word", "parenthesis"):
            mine = (self.piece if self.kind == "parenthesis" or self.piece.value
                    else self.piece.word).boost != 1
        within = within or self.kind == "joined"
        return mine + sum(item.boosts(within) for item in self.inside)

    def is_plain(self):
        """Whether there is no sign, AND, NOT or filter in it."""
        return not (self.piece and self.piece.value) and all(item.kind not in ("AND", "NOT") and item.sign is None and item.is_plain()
                   for item in self.inside)


def read_items(pieces, place, field, fields, notes):
    """The inside of a parenthesis in a field that begins at `place`: (items, the place of its end)."""
    items = []
    while place < len(pieces) and pieces[place].kind != "close":
        piece = pieces[place]
        mine = piece.field if piece.field is not None else field
        place += 1
        if piece.kind == "open":
            inside, place = read_items(pieces, place, mine, fields, notes)
            place += 1
            items.append(Item("parenthesis", piece, piece.sign, mine, inside))
        elif piece.kind in WORDS:
            items.append(Item("word", piece, piece.sign, mine or None))
        else:
            items.append(Item(piece.kind, piece, None, field))
    return join_nears(items, fields, notes), place


def join_nears(items, fields, notes):
    """Makes one operand of each NEAR and its operands; a NEAR that cannot have them is a word."""
    found = []
    place = 0
    while place < len(items):
        item = items[place]
        place += 1
        if item.kind == "NEAR":
            joined = join(found[-1], item, items[place])
            if joined:
                item.piece.distance = farthest(item.piece.distance, notes)
                found[-1] = joined
                place += 1
                continue
            item.kind = item.piece.kind = "word"
            read_value(item.piece, item.field, fields, notes)
            if item.piece.field == "":
                item.field = None
            item.piece.word = Word(item.piece, True, notes)
            notes.append("operands of NEAR")
        found.append(item)
    return found


def join(left, near, right):
    """The NEAR of two operands, or None if it cannot have them."""
    piece = near.piece
    same = (left.kind == "joined" and left.piece.ordered == piece.ordered
            and left.piece.distance == min(piece.distance, FARTHEST))
    operands = (left.inside if same else [left]) + [right]
    if (right.sign or not left.is_plain() or not right.is_plain()
            or piece.distance == 0 or len(operands) > MOST_OPERANDS
            or len(left.fields() | right.fields()) > 1):
        return None
    sign = left.sign
    if not same:
        left.sign = None
    joined = Item("joined", piece, sign, left.field, operands)
    if joined.depth() > DEEPEST_NEAR:
        left.sign = sign
        return None
    return joined


def number_clauses(items, clause=0):
    for item in items:
        if item.kind in ("word", "joined"):
            item.clause = clause
            clause += 1
        elif item.kind == "parenthesis":
            clause = number_clauses(item.inside, clause)
    return clause


# ---- Grammar ----------------------------------------------------------------------------------


class Settings:
    """How a query is read: `fields` of the index with the types of each, the caller's `tokens_of` (text -> [(position,
    start, end, term, stems)]), `fold` of a pattern's run and `is_stop` of a token."""

    def __init__(self, fields, tokens_of, fold, is_stop, weigh_stops, options):
        self.fields = fields
        self.tokens_of = tokens_of
        self.fold = fold
        self.is_stop = is_stop
        self.use_all = options.get("all", False)
        self.literal = options.get("literal", False)
        self.minimum = options.get("min")
        self.stop_boost = STOP_BOOST if weigh_stops else 1


class Planner:
    """Reads items by the page's grammar and makes tidied groups of leaves."""

    def __init__(self, settings):
        self.settings = settings
        self.items = []
        self.place = 0

    def kind(self):
        return self.items[self.place].kind if self.place < len(self.items) else "end"

    def query(self, items, boost):
        outer = self.items, self.place
        self.items, self.place = items, 0
        parts = []
        while self.kind() != "end":
            part, occur = self.either(boost)
            narrows = occur == SHOULD and part is not None and part.is_filters()
            if occur == SHOULD and (narrows or self.settings.use_all):
                occur = MUST
            parts.append((part, occur, narrows))
        self.items, self.place = outer
        return tidy(parts)

    def either(self, boost):
        operands = [self.both(boost)]
        while self.kind() == "OR":
            self.place += 1
            operands.append(self.both(boost))
        if len(operands) == 1:
            return operands[0]
        parts = []
        for part, occur in operands:
            if occur == MUST_NOT:
                part = tidy([(part, MUST_NOT)])
            parts.append((part, SHOULD))
        return tidy(parts), SHOULD

    def both(self, boost):
        operands = [self.negation(boost)]
        while self.kind() == "AND":
            self.place += 1
            operands.append(self.negation(boost))
        if len(operands) == 1:
            return operands[0]
        parts = [(part, MUST_NOT if occur == MUST_NOT else MUST) for part, occur in operands]
        return tidy(parts), SHOULD

    def negation(self, boost):
        if self.kind() != "NOT":
            return self.operand(boost)
        self.place += 1
        part, _ = self.operand(boost)
        return part, MUST_NOT

    def operand(self, boost):
        item = self.items[self.place]
        self.place += 1
        occur = {"+": MUST, "-": MUST_NOT, None: SHOULD}[item.sign]
        if item.kind == "parenthesis":
            return self.query(item.inside, boost * item.piece.boost), occur
        if item.kind == "joined":
            return self.near(item, boost), occur
        own = 1 if item.piece.value else item.piece.word.boost
        return self.word(item, boost * own), occur

    def asked(self, item):
        word = item.piece.word
        return asked(word, self.settings.tokens_of(word.analyzed()), self.settings.fold)

    def word(self, item, boost):
        if item.piece.value:
            return Leaf(item.piece.value, item.field, item.clause, 1.0)
        word = item.piece.word
        parts = self.asked(item)
        if not parts:
            return None
        one = tidy([(Leaf(matcher, item.field, item.clause, boost), SHOULD)
                    for matcher in as_one(parts, word.slop)])
        if word.kind != "word":
            return one
        leaves = [self.leaf(part.matcher, part, item.field, item.clause, boost) for part in parts]
        if len(leaves) == 1:
            one = copy(leaves[0])
        for leaf, part in zip(leaves, parts):
            leaf.held = part.held
        return Several(leaves, one)

    def leaf(self, matcher, part, field, clause, boost):
        """A leaf that asks for a part of a bare word, or, if that is None, for something else."""
        is_stop = part is not None and not part.fuzzy and self.settings.is_stop(part)
        if is_stop:
            boost *= self.settings.stop_boost
        leaf = Leaf(matcher, field, clause, boost)
        leaf.is_stop = is_stop
        return leaf

    def near(self, item, boost):
        field = next(iter(item.fields()), None)
        operands = self.operands(item)
        if not operands:
            return None
        if len(operands) > 1:
            return Leaf(near_of(item, operands), field, item.clause, boost)
        leaves, again = ([self.leaf(matcher, part, field, item.clause, boost)
                          for matcher, part in operands[0]] for _ in range(2))
        if len(leaves) == 1:
            return leaves[0]
        return Several(leaves, tidy([(leaf, SHOULD) for leaf in again]))

    def operands(self, item):
        """What each operand of a NEAR matches: alternatives, each with the part of a bare word that
        it is, or None; without those that ask for nothing."""
        found = [self.alternatives(operand) for operand in item.inside]
        return [alternatives for alternatives in found if alternatives]

    def alternatives(self, item):
        if item.kind == "word":
            parts = self.asked(item)
            word = item.piece.word
            if not parts:
                return []
            if len(parts) == 1 and word.kind == "word":
                return [(parts[0].matcher, parts[0])]
            return [(matcher, None) for matcher in as_one(parts, word.slop)]
        if item.kind == "joined":
            operands = self.operands(item)
            return [(near_of(item, operands), None)] if len(operands) > 1 else sum(operands, [])
        return [alternative for one in item.inside if one.is_operand()
                for alternative in self.alternatives(one)]


def near_of(item, operands):
    return ("near", item.piece.ordered, item.piece.distance,
            tuple(tuple(matcher for matcher, _ in alternatives) for alternatives in operands))


# ---- Tidying ----------------------------------------------------------------------------------


def settle(part, occur):
    """The parts that stand in a group for `part`."""
    if part is None:
        return []
    if isinstance(part, Several):
        return part.leaves if occur == SHOULD else [part.one]
    return [part]


def tidy(parts):
    """A group of (part, occurrence, perhaps whether it narrows), tidied: a leaf, a group, or None."""
    kept = []
    words = {}
    for several, occur, *narrows in parts:
        for part in settle(several, occur):
            part.occur = occur
            part.narrows = any(narrows)
            if isinstance(part, Leaf) and part.matcher[0] in ("surface", "stem"):
                same = words.setdefault(part.equals(), part)
                if same is not part:
                    same.repeats += part.repeats
                    continue
            kept.append(part)
    if not kept:
        return None
    if len(kept) == 1 and kept[0].occur != MUST_NOT:
        return kept[0]
    return Group(kept)


def plan(text, settings, notes):
    """The query's root: a leaf, a group, or None if it asks for nothing. What does not parse is added
    to `notes`."""
    pieces = cut(text, settings.fields, settings.literal, notes)
    read_values(pieces, settings.fields, notes)
    read_words(pieces, settings.literal, notes)
    items, _ = read_items(pieces, 0, None, settings.fields, notes)
    notes += ["boost within NEAR"] * sum(item.boosts() for item in items)
    number_clauses(items)
    root = Planner(settings).query(items, 1.0)
    if isinstance(root, Group) and settings.minimum:
        optional = sum(part.occur == SHOULD for part in root.parts)
        root.minimum = minimum_of(settings.minimum, optional)
    return root


def minimum_of(wanted, optional):
    if wanted.endswith("%"):
        return min(max(1, int(wanted[:-1]) * optional // 100), optional)
    return min(int(wanted), optional)


def texts(text, settings):
    """The texts whose tokens the plan may ask for."""
    pieces = cut(text, settings.fields, settings.literal, [])
    read_values(pieces, settings.fields, [])
    read_words(pieces, settings.literal, [])
    return [piece.word.analyzed() for piece in pieces if piece.kind in WORDS and not piece.value] + [
        piece.text for piece in pieces if piece.kind == "NEAR"]
