"""A segment: its documents with their texts, and its terms with their postings."""

import zlib

from .columns import read_columns
from .paged import Cursor, Damaged, Paged, expect, ungap
from .pairs import read_pairs
from .strengths import Front, code_of
from .words import read_words

SECTIONS = ("text textindex words wordindex borders borderindex records recordindex idorder idrank paths pathindex"
            " languages languageindex positions postings lexicon lexiconindex pairs lengths"
            " fields fieldindex columns columnindex values keywords keywordindex").split()
WORDS, ID_ORDER, PAIRS, COLUMNS = SECTIONS[2:4], SECTIONS[8:10], ["pairs"], SECTIONS[-5:]
EXPECTED = [tuple(name for name in SECTIONS if name not in words + ids + pairs + columns)
            for words in ([], WORDS) for ids in ([], ID_ORDER) for pairs in ([], PAIRS)
            for columns in ([], COLUMNS)]
WITHOUT_PARAMETER = ("borderindex", "idorder", "idrank", "positions", "postings", "lengths", "values", "keywords", "keywordindex")
PASSAGES = 128  # in a block of borders
STORED = 16384  # bytes with which a block of text ends
ENTRIES = 32    # in a block of the lexicon
POSTINGS = 128  # in a block of postings, and numbers in a run of positions
BITMAP = 33      # the width of gaps of a block that is a bitmap instead
LISTED, INLINE, SHARED = range(3)


class Document:
    """A record, with its text and the (words, bytes, line feeds) of its passages."""

    def __init__(self, cursor, paths, languages):
        self.id = cursor.string()
        self.title = cursor.string()
        flags = cursor.varint()
        expect(flags < 4, f"{cursor.name}: flags {flags}")
        self.is_record = bool(flags & 1)
        self.title_searched = bool(flags & 2)
        self.path = self.id
        self.line = None
        if self.is_record:
            self.path = pick(paths, cursor.varint(), cursor.name, "paths")
            self.line = cursor.varint()
        self.language = pick(languages, cursor.varint(), cursor.name, "languages")
        self.first_passage = cursor.varint()
        self.passage_count = cursor.varint()
        self.bytes = cursor.varint()
        self.fields = []
        for _ in range(cursor.varint()):
            name, kind = cursor.string(), cursor.bytes(1)
            expect(kind in (b"s", b"j"), f"{cursor.name}: a field of kind {kind}")
            self.fields.append((name, kind, cursor.string()))
        cursor.done()
        self.deleted = False
        self.passages = []
        self.text = b""

    def searched_fields(self, types):
        """The names and values of the fields that have terms of their own; not the title."""
        return [(name, value) for name, kind, value in self.fields
                if kind == b"s" and typed(name) and types.get(name, b"t") == b"t"]


class Field:
    """A row of fields, with the length of each document."""

    def __init__(self, cursor, segment):
        self.name = cursor.string()
        self.documents = cursor.varint()
        self.total = cursor.varint()
        self.surface_terms = cursor.varint()
        self.stems = cursor.varint()
        offset = cursor.varint()
        width = cursor.varint()
        self.extremes = (cursor.varint(), cursor.varint())
        cursor.done()
        expect(width in (1, 2, 4) and offset % 8 == 0, f"{cursor.name}: width or offset of lengths")
        lengths = segment.file.cursor("lengths", offset)
        self.lengths = [lengths.number(width) for _ in segment.documents]
        expect(self.total == sum(self.lengths), f"{cursor.name}: sum of lengths")
        expect(self.documents == sum(map(bool, self.lengths)), f"{cursor.name}: documents")
        least = min(filter(None, self.lengths), default=0)
        expect(self.extremes == (least, max(self.lengths, default=0)),
               f"{cursor.name}: least and greatest length")


class Term:
    """An entry of the lexicon. postings maps a document to its frequency, positions to its list
    of positions. Those of stems without positions of their own come from their forms."""

    def __init__(self, key, name):
        field, mark, rest = key.partition(b"\0")
        expect(mark and rest[:1] in (b"\1", b"\2"), f"{name}: the key {key}")
        self.key = key
        self.field = field
        self.is_stem = rest[:1] == b"\2"
        self.language = b""
        self.term = rest[1:]
        if self.is_stem:
            self.language, mark, self.term = self.term.partition(b"\0")
            expect(mark, f"{name}: the key {key}")
        expect(0 < len(self.term) <= 200 and b"\0" not in self.term, f"{name}: the key {key}")
        self.forms = []
        self.own = False
        self.postings = {}
        self.positions = {}


def typed(name):
    """Whether a field of this name can have a type."""
    return name not in (b"", b"title") and len(name) <= 255 and b"\0" not in name


def pick(values, number, name, table):
    expect(number < len(values), f"{name}: number {number} of {len(values)} {table}")
    return values[number]


class Segment:
    """All that one segment file holds; `deleted` are the numbers of its deleted documents."""

    def __init__(self, folder, number, deleted):
        self.number = number
        self.file = Paged(folder, f"segment-{number}", b"segm", EXPECTED)
        for name in WITHOUT_PARAMETER:
            expect(not self.file.parameters.get(name), f"{self.name(name)}: a parameter")
        self.coded = self.file.parameters["text"] == 2
        expect(self.file.parameters["text"] in (1, 2), f"{self.name('text')}: unknown codec")
        expect(self.coded == ("words" in self.file.sections), f"{self.name('words')}: and codec")
        self._read_passages()
        self._read_documents(deleted)
        self._read_ids()
        self._read_fields()
        self._read_terms()
        self.pairs = read_pairs(self, self._read_inline, self._read_listed)
        expect(self.next_postings == len(self.file.sections["postings"])
               and self.next_positions == len(self.file.sections["positions"]),
               f"{self.file.name}: bytes of no term behind the last postings or positions")
        self.columns = read_columns(self)

    def name(self, section):
        return f"{self.file.name}: {section}"

    def _read_passages(self):
        count = self.file.parameters["borders"]
        starts = self.file.numbers("borderindex", 8)
        expect(len(starts) == -(-count // PASSAGES), f"{self.name('borderindex')}: blocks")
        cursor = self.file.cursor("borders")
        self.passages = []
        for block, start in enumerate(starts):
            expect(start == cursor.at, f"{self.name('borderindex')}: block {block} is not there")
            size = min(PASSAGES, count - block * PASSAGES)
            widths = cursor.bytes(3)
            self.passages += zip(*[cursor.bits(size, width) for width in widths])
        cursor.done()
        expect(all(size for _, size, _ in self.passages), f"{self.name('borders')}: empty passage")

    def _inflate(self):
        """The texts of all passages, one behind the other."""
        index = self.file.numbers("textindex", 8)
        stored = self.file.sections["text"]
        firsts = index[0::2] + [len(self.passages)]
        starts = index[1::2] + [len(stored)]
        expect(not firsts[0] and not starts[0], f"{self.name('textindex')}: begins late")
        texts = []
        for block in range(len(firsts) - 1):
            name = f"{self.name('text')}: block {block}"
            stream = zlib.decompressobj()
            try:
                texts.append(stream.decompress(stored[starts[block]:starts[block + 1]]))
            except zlib.error as error:
                raise Damaged(f"{name}: {error}") from error
            expect(stream.eof and not stream.unused_data, f"{name}: the stream does not fit")
            sizes = [size for _, size, _ in self.passages[firsts[block]:firsts[block + 1]]]
            expect(sizes and len(texts[-1]) == sum(sizes), f"{name}: its bytes and its passages")
            expect(len(texts[-1]) >= STORED or block == len(firsts) - 2, f"{name}: is too small")
        return b"".join(texts)

    def _read_documents(self, deleted):
        paths = [cursor.bytes(cursor.end - cursor.at)
                 for cursor in self.file.table("paths", "pathindex")]
        languages = [cursor.bytes(cursor.end - cursor.at)
                     for cursor in self.file.table("languages", "languageindex")]
        self.documents = [Document(cursor, paths, languages)
                          for cursor in self.file.table("records", "recordindex")]
        text = read_words(self) if self.coded else self._inflate()
        expect(len(text) == self.file.parameters["textindex"], f"{self.name('text')}: bytes")
        at = passage = 0
        for number, document in enumerate(self.documents):
            name = f"{self.name('records')}: document {number}"
            document.deleted = number in deleted
            expect(document.first_passage == passage, f"{name}: its first passage")
            passage += document.passage_count
            document.passages = self.passages[document.first_passage:passage]
            document.text = text[at:at + document.bytes]
            expect(sum(size for _, size, _ in document.passages) == document.bytes,
                   f"{name}: its bytes")
            for _, size, lines in document.passages:
                expect(text.count(b"\n", at, at + size) == lines, f"{name}: lines of a passage")
                at += size
        expect(passage == len(self.passages), f"{self.name('borders')}: passages of no document")
        expect(all(number < len(self.documents) for number in deleted),
               f"{self.file.name}: has no document {max(deleted, default=0)}, which is deleted")

    def _read_ids(self):
        ids = [document.id for document in self.documents]
        order = sorted(range(len(ids)), key=lambda number: (ids[number], number))
        rising = all(one < two for one, two in zip(ids, ids[1:]))
        expect(rising != ("idorder" in self.file.sections), f"{self.file.name}: idorder or none")
        if not rising:
            rank = self.file.numbers("idrank", 4)
            expect(self.file.numbers("idorder", 4) == order, f"{self.name('idorder')}: is wrong")
            expect([pick(order, place, self.name("idrank"), "documents") for place in rank]
               == list(range(len(ids))),
                   f"{self.name('idrank')}: is wrong")
        for one, two in zip(order, order[1:]):
            expect(ids[one] != ids[two] or self.documents[one].deleted,
                   f"{self.file.name}: document {one} has the id of {two} and is not deleted")

    def _read_fields(self):
        rows = [Field(cursor, self) for cursor in self.file.table("fields", "fieldindex")]
        self.fields = {row.name: row for row in rows}
        names = [row.name for row in rows]
        expect(names == sorted(self.fields) and names[:1] == [b""], f"{self.name('fields')}: names")

    def _read_terms(self):
        self.terms = []
        self.next_postings = self.next_positions = 0
        starts = self.file.numbers("lexiconindex", 8)
        self.cut_terms = self.file.parameters["lexiconindex"]
        count = self.file.parameters["lexicon"]
        expect(len(starts) == -(-count // ENTRIES), f"{self.name('lexiconindex')}: blocks")
        cursor = self.file.cursor("lexicon")
        before = b""
        bases = [0, 0]  # the offsets of postings and positions that the next ones are coded against
        for ordinal in range(count):
            name = f"{self.name('lexicon')}: term {ordinal}"
            if ordinal % ENTRIES == 0:
                expect(starts[ordinal // ENTRIES] == cursor.at, f"{name}: its block is not there")
                bases = [0, 0]
            common = cursor.varint()
            key = before[:common] + cursor.string()
            full = 0 if ordinal % ENTRIES == 0 else shared_prefix(before, key)
            expect(common == full and before < key, f"{name}: {common} bytes in common, {key}")
            before = key
            term = Term(key, name)
            expect(term.field in self.fields, f"{name}: its field has no row")
            self._read_entry(term, cursor, bases, name)
            self.terms.append(term)
        cursor.done()
        for row in self.fields.values():
            stems = [term.is_stem for term in self.terms if term.field == row.name]
            expect(row.stems == sum(stems) and row.surface_terms == len(stems) - sum(stems),
                   f"{self.name('fields')}: numbers of terms of {row.name}")

    def _read_entry(self, term, cursor, bases, name):
        if term.is_stem:
            count, term.own = divmod(cursor.varint(), 2)
            forms = cursor.string()
            inner = Cursor(forms, f"{name}: forms")
            term.forms = [pick(self.terms, form, inner.name, "terms before it")
                          for form in inner.rising(count)]
            inner.done()
            expect(count and all(form.field == term.field and not form.is_stem
                                 for form in term.forms), f"{name}: its forms")
        documents, term.place = divmod(cursor.varint(), 4)
        positioned = term.own or not term.is_stem
        if term.place == SHARED:
            expect(len(term.forms) == 1 and not positioned and not documents, f"{name}: is shared")
            term.postings, term.positions = term.forms[0].postings, term.forms[0].positions
            return
        expect(term.place in (LISTED, INLINE) and documents, f"{name}: place {term.place}")
        occurrences = cursor.varint() + documents
        if term.place == INLINE:
            self._read_inline(term, documents, cursor.string(), name, positioned)
        else:
            bases[0] += cursor.varint()
            bases[1] += cursor.varint() if positioned else 0
            expect(bases[0] == self.next_postings
                   and (not positioned or bases[1] == self.next_positions), f"{name}: its offsets")
            self._read_listed(term, documents, name, positioned)
        expect(max(term.postings) < len(self.documents) and len(term.postings) == documents
               and sum(term.postings.values()) == occurrences, f"{name}: its numbers")
        if not positioned:
            self._positions_of_forms(term, name)

    @staticmethod
    def _read_inline(term, documents, coded, name, positioned=False):
        expect(len(coded) <= 32, f"{name}: {len(coded)} bytes inline")
        cursor = Cursor(coded, f"{name}: inline")
        last = -1
        for _ in range(documents):
            last += cursor.varint() + 1
            term.postings[last] = cursor.varint() + 1
            if positioned:
                term.positions[last] = cursor.rising(term.postings[last])
        cursor.done()

    def _read_listed(self, term, documents, name, positioned=False):
        cursor = self.file.cursor("postings", self.next_postings)
        places = self.file.cursor("positions", self.next_positions)
        field = self.fields[term.field]
        blocks = -(-documents // POSTINGS)
        front = Front(cursor, blocks, positioned) if blocks > 1 else None
        found = []  # of each block: its last document, where it and its positions begin, its codes
        start, start_positions, last = cursor.at, places.at, -1
        for block in range(blocks):
            begun = cursor.at - start, places.at - start_positions
            size = min(POSTINGS, documents - block * POSTINGS)
            widths = cursor.bytes(2)
            if front and widths[0] == BITMAP:
                numbers = self._read_bitmap(cursor, last + 1, front.lasts[block], name)
                expect(len(numbers) == size, f"{name}: {len(numbers)} documents in a block")
            else:
                numbers = ungap(cursor.bits(size, widths[0]), last)
            frequencies = [less + 1 for less in cursor.bits(size, widths[1])]
            last = numbers[-1]
            expect(last < len(field.lengths), f"{name}: document {last}")
            term.postings.update(zip(numbers, frequencies))
            if positioned:
                self._read_runs(term, numbers, frequencies, places)
            found.append((last, *begun, [code_of(frequency, field.lengths[number], field)
                                         for number, frequency in zip(numbers, frequencies)]))
        if front:
            lasts, starts, begins, codes = map(list, zip(*found))
            front.verify(name, lasts, starts, begins if positioned else [], codes)
        self.next_postings, self.next_positions = cursor.at, places.at

    @staticmethod
    def _read_bitmap(cursor, first, last, name):
        """The documents of a block that is a bitmap."""
        expect(first <= last, f"{name}: document {last} ends a block behind {first - 1}")
        size = last - first + 1
        bits = int.from_bytes(cursor.bytes(-(-size // 8)), "little")
        expect(bits.bit_length() == size, f"{name}: a bitmap does not end at document {last}")
        return [first + place for place in range(size) if bits >> place & 1]

    @staticmethod
    def _read_runs(term, numbers, frequencies, cursor):
        """The positions of one block of postings."""
        total = sum(frequencies)
        widths = cursor.bytes(-(-total // POSTINGS))
        gaps = []
        for width in widths:
            gaps += cursor.bits(min(POSTINGS, total - len(gaps)), width)
        at = 0
        for number, frequency in zip(numbers, frequencies):
            term.positions[number] = ungap(gaps[at:at + frequency])
            at += frequency

    def _positions_of_forms(self, term, name):
        """Where a stem without positions stands: wherever one of its forms does."""
        found = {}
        for form in term.forms:
            for number, positions in form.positions.items():
                if self.documents[number].language == term.language:
                    found.setdefault(number, set()).update(positions)
        expect({number: len(positions) for number, positions in found.items()} == term.postings,
               f"{name}: its postings are not those of its forms")
        term.positions = {number: sorted(found[number]) for number in sorted(found)}


def shared_prefix(one, two):
    limit = min(len(one), len(two))
    for at in range(limit):
        if one[at] != two[at]:
            return at
    return limit
