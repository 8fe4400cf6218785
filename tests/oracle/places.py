"""Where in a document something matches, as plainly as possible: written from kwic-query(7), its
sections Wildcards, Edits, NEAR and SLOP. A place is (first position, last position, lights), where
lights are the pairs of tokens from whose first to whose second a highlight reaches."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache


@lru_cache(maxsize=100000)
def distance(a, b):
    """The restricted Damerau-Levenshtein distance."""
    rows = [list(range(len(b) + 1))]
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            least = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 2:i] == b[j - 1] + b[j - 2]:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def fits(matcher, term):
    """Whether a pattern or a term with edits asks for a surface term."""
    if matcher[0] == "edits":
        return distance(matcher[1], term) <= matcher[2]
    pattern = "".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in matcher[1])
    return bool(re.fullmatch(pattern, term, re.DOTALL))


class Places:
    """The places of matchers in documents, each found once. `expand` gives the terms of a pattern or
    of a term with edits in a field."""

    def __init__(self, expand):
        self.expand = expand
        self.known = {}

    def of(self, matcher, document, field):
        """All matches, in the order of their first positions. One that counts twice is there twice.
        """
        key = (matcher, document.id, field)
        if key not in self.known:
            kind = matcher[0]
            if kind == "phrase":
                found = self.phrase(matcher, document, field)
            elif kind == "near":
                spans = [self.spans(operand, document, field) for operand in matcher[3]]
                found = near(spans, matcher[1], matcher[2])
            else:
                found = words(self.rows(matcher, document, field))
            self.known[key] = sorted(found, key=lambda place: place[:2])
        return self.known[key]

    def rows(self, matcher, document, field):
        """{position: token} of each term that is asked for."""
        index = document.index.get(field, {})
        if matcher[0] == "stem":
            return [index.get(("stem", stem), {}) for stem in sorted(set(matcher[1]))]
        terms = [matcher[1]] if matcher[0] == "surface" else self.expand(matcher, field)
        return [index.get(("surface", term), {}) for term in terms]

    def phrase(self, matcher, document, field):
        rows = [(offset, self.rows(("surface", term), document, field)[0])
                for offset, term in matcher[1]]
        if matcher[2]:
            return sloppy([(offset, sorted(row)) for offset, row in rows], matcher[2],
                          [row for _, row in rows])
        found = []
        for start in rows[0][1]:
            tokens = [row.get(start + offset) for offset, row in rows]
            if all(tokens):
                found.append((tokens[0][0], tokens[-1][0], [(tokens[0], tokens[-1])]))
        return found

    def spans(self, alternatives, document, field):
        """{(first, last): lights} of an operand of a NEAR."""
        found = {}
        for matcher in alternatives:
            for first, last, lights in self.of(matcher, document, field):
                found.setdefault((first, last), lights)
        return found


def words(rows):
    """Where any of some terms stands; of several at one position the longest lights up."""
    longest = {}
    for row in rows:
        for position, token in row.items():
            if position not in longest or token[2] > longest[position][2]:
                longest[position] = token
    return [(position, position, [(longest[position],) * 2]) for row in rows for position in row]


# ---- Slop -------------------------------------------------------------------------------------


def assign(choices):
    """Whether each term can have a position of its own among its choices."""
    taken = {}

    def place(term, seen):
        for position in choices[term]:
            if position not in seen:
                seen.add(position)
                if position not in taken or place(taken[position], seen):
                    taken[position] = term
                    return True
        return False

    return all(place(term, set()) for term in range(len(choices)))


def can_assign(terms, least, most):
    """Whether an assignment has `least` as its least shift and none above `most`; if so, its choices
    with one term held to that."""
    choices = [positions[bisect_left(positions, least + offset):bisect_right(positions, most + offset)]
               for offset, positions in terms]
    if not all(choices) or not assign(choices):
        return []
    found = []
    for i, (offset, _) in enumerate(terms):
        if choices[i][0] == least + offset:
            held = choices[:i] + [[least + offset]] + choices[i + 1:]
            if assign(held):
                found.append(held)
    return found


def least_assignment(choices):
    """The positions that are least, compared term by term."""
    for i, mine in enumerate(choices):
        for position in sorted(mine):
            fixed = choices[:i] + [[position]] + choices[i + 1:]
            if assign(fixed):
                choices = fixed
                break
    return [mine[0] for mine in choices]


def sloppy(terms, slop, rows):
    """The matches of a phrase with a slop: terms are (offset, positions)."""
    shifts = sorted({p - offset for offset, positions in terms for p in positions})
    found = []
    for least in shifts:
        if not can_assign(terms, least, least + slop):
            continue
        mosts = shifts[bisect_left(shifts, least):bisect_right(shifts, least + slop)]
        most = bisect_left(mosts, True, key=lambda most, least=least:
                           bool(can_assign(terms, least, most)))
        ways = can_assign(terms, least, mosts[most])
        positions = min(least_assignment(choices) for choices in ways)
        first, last = min(positions), max(positions)
        found.append((first, last, [(rows[positions.index(first)][first],
                                     rows[positions.index(last)][last])]))
    return found


# ---- NEAR -------------------------------------------------------------------------------------


def near(operands, ordered, most):
    """The least reaches of all chains, each with the lights of its least chain."""
    if not all(operands):
        return []
    spans = [sorted(operand) for operand in operands]
    firsts = [[span[0] for span in mine] for mine in spans]
    everything = (1 << len(spans)) - 1

    def following(used, end, most=most):
        """(operand, span) of what can stand next in a chain."""
        for i, mine in enumerate(spans):
            if not used >> i & 1 and (not ordered or used == (1 << i) - 1):
                near_by = mine if end is None else mine[bisect_right(firsts[i], end):
                                                        bisect_right(firsts[i], end + most)]
                for span in near_by:
                    yield i, span

    @lru_cache(maxsize=None)
    def least_end(used, end):
        """The least last position of chains that go on so, or None."""
        if used == everything:
            return end
        ends = [least_end(used | 1 << i, span[1]) for i, span in following(used, end)]
        return min((one for one in ends if one is not None), default=None)

    @lru_cache(maxsize=None)
    def least_chain(used, end, last):
        """The least rest of a chain with this last position, as ((operand, span), ...), or None."""
        if used == everything:
            return () if end == last else None
        best = None
        for i, span in following(used, end):
            rest = least_chain(used | 1 << i, span[1], last) if span[1] <= last else None
            if rest is not None:
                chain = tuple(sorted(((i, span),) + rest))
                best = chain if best is None else min(best, chain)
        return best

    reaches = {}
    for i, span in following(0, None):
        end = least_end(1 << i, span[1])
        if end is not None:
            reaches[span[0]] = min(end, reaches.get(span[0], end))
    found = []
    for first, last in reversed(sorted(reaches.items())):
        if found and found[-1][1] <= last:  # it contains that one
            continue
        chains = []
        for i, span in following(0, first - 1, 1):
            rest = least_chain(1 << i, span[1], last)
            if rest is not None:
                chains.append(sorted(((i, span),) + rest))
        lights = [light for i, span in min(chains) for light in operands[i][span]]
        found.append((first, last, lights))
    return found
