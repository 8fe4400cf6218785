"""Pairs: where one frequent word of the text stands behind another one."""

import collections

from .paged import expect

WORDS = 256       # that have pairs, at most
DOCUMENTS = 1024  # in which each of these stands at least
ENTRIES = 32      # in a block
PLACES = ("listed", "inline")


class Pair:
    """A pair, by the places of its words; its postings map a document to its frequency."""

    field = b""

    def __init__(self, first, second):
        self.words = first, second
        self.postings = {}
        self.positions = {}


def choose(terms):
    """The ordinals of the words that have pairs."""
    found = [(-len(term.postings), ordinal) for ordinal, term in enumerate(terms)
             if not term.field and not term.is_stem and len(term.postings) >= DOCUMENTS]
    return sorted(ordinal for _, ordinal in sorted(found)[:WORDS])


def count_places(terms):
    """{(first, second): {document: frequency}} of the words, from where they stand."""
    found = collections.defaultdict(collections.Counter)
    texts = collections.defaultdict(lambda: collections.defaultdict(list))
    for place, term in enumerate(terms):
        for number, positions in term.positions.items():
            for position in positions:
                texts[number][position].append(place)
    for number in sorted(texts):
        for position, firsts in texts[number].items():
            for second in texts[number].get(position + 1, ()):
                for first in firsts:
                    found[first, second][number] += 1
    return found


def read_rows(cursor, count):
    """The pairs that there are, in their order."""
    before = [cursor.number(4) for _ in range(count + 1)]
    pairs = []
    for first in range(count):
        expect(before[first] == len(pairs), f"{cursor.name}: pairs before row {first}")
        bits = cursor.number(-(-count // 64) * 8)
        expect(not bits >> count, f"{cursor.name}: row {first} has bits of no word")
        pairs += [Pair(first, second) for second in range(count) if bits >> second & 1]
    expect(before[count] == len(pairs), f"{cursor.name}: the number of pairs")
    return pairs


def read_pairs(segment, read_inline, read_listed):
    """Reads the pairs, and compares them with where the words stand. `read_inline` and
    `read_listed` read postings, the latter those that come next; what is there of them then is
    the end of those of terms."""
    chosen = choose(segment.terms)
    name = segment.name("pairs")
    expect(bool(chosen) == ("pairs" in segment.file.sections), f"{name}: there, or not there")
    if not chosen:
        return []
    count = segment.file.parameters["pairs"]
    cursor = segment.file.cursor("pairs")
    base = cursor.number(8)
    expect(base == segment.next_postings, f"{name}: postings begin at {base}")
    expect([cursor.number(4) for _ in range(count)] == chosen, f"{name}: the words are others")
    pairs = read_rows(cursor, count)
    starts = [cursor.number(4) for _ in range(-(-len(pairs) // ENTRIES))]
    entries = cursor.at
    places = count_places([segment.terms[ordinal] for ordinal in chosen])
    for number, pair in enumerate(pairs):
        entry = f"{name}: pair {number}"
        if number % ENTRIES == 0:
            expect(starts[number // ENTRIES] == cursor.at - entries, f"{entry}: its block")
            offset = base
        documents, place = divmod(cursor.varint(), 4)
        occurrences = cursor.varint() + documents
        expect(place < len(PLACES) and documents, f"{entry}: place {place}")
        if PLACES[place] == "inline":
            read_inline(pair, documents, cursor.string(), entry)
        else:
            offset += cursor.varint()
            expect(offset == segment.next_postings, f"{entry}: its offset")
            read_listed(pair, documents, entry)
        expect(sum(pair.postings.values()) == occurrences, f"{entry}: occurrences")
        expect(pair.postings == places.pop(pair.words, None), f"{entry}: its postings")
    cursor.done()
    expect(not places, f"{name}: {len(places)} pairs are missing")
    return pairs
