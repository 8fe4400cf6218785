"""Columns: the values of a segment's documents by field."""

import math
import struct

from .paged import expect

KEYWORDS, NUMBERS, DATES = b"k", b"n", b"d"
BLOCK = 16  # keywords in a block of a dictionary
DENSE, LISTED = range(2)


class Column:
    """A row of columns. `values` maps a document to its values, rising: bytes, floats, or
    microseconds."""

    def __init__(self, cursor, segment, first_block):
        self.name = cursor.string()
        self.type = cursor.bytes(1)
        expect(self.type in (KEYWORDS, NUMBERS, DATES), f"{cursor.name}: type {self.type}")
        layout = cursor.varint()
        holders, count, offset, width = [cursor.varint() for _ in range(4)]
        widths = [cursor.varint() for _ in range(2)] if layout == LISTED else []
        first, second = cursor.varint(), cursor.varint()
        cursor.done()
        expect(layout in (DENSE, LISTED) and holders and offset % 8 == 0, f"{cursor.name}: layout")
        numbers = segment.file.cursor("values", offset)
        documents = len(segment.documents)
        if layout == DENSE:
            codes = {number: [code - 1] for number, code in
                     enumerate(numbers.bits(documents, width)) if code}
        else:
            codes = self._listed(numbers, holders, count, width, widths)
        self.end = numbers.at
        found = [code for held in codes.values() for code in held]
        expect(len(codes) == holders and len(found) == count, f"{cursor.name}: numbers of values")
        expect(max(codes) < documents and all(rises(held) for held in codes.values()),
               f"{cursor.name}: documents or values do not rise")
        self._check_widths(cursor.name, codes, documents, (layout, width, *widths))
        if self.type == KEYWORDS:
            words = self._keywords(segment, first, second, first_block, cursor.name)
            expect(set(found) == set(range(len(words))), f"{cursor.name}: keywords of no document")
            self.values = {number: [words[code] for code in held]
                           for number, held in codes.items()}
        else:
            self._check_codes(cursor.name, first, second, found)
            self.values = {number: [self._value(first + second * code) for code in held]
                           for number, held in codes.items()}

    @staticmethod
    def _listed(numbers, holders, count, width, widths):
        documents = numbers.bits(holders, widths[0])
        expect(rises(documents), f"{numbers.name}: documents do not rise")
        ends = numbers.bits(holders, widths[1]) if widths[1] else list(range(1, holders + 1))
        expect(rises([0] + ends) and ends[-1] == count, f"{numbers.name}: ends {ends[-1]}, {count}")
        codes = numbers.bits(count, width)
        return {number: codes[start:end] for number, start, end in zip(documents, [0] + ends, ends)}

    @staticmethod
    def _check_widths(name, codes, documents, found):
        """The widths are the least, and the layout is the shorter one."""
        count = sum(map(len, codes.values()))
        greatest = max(map(max, codes.values()))
        several = count > len(codes)
        widths = (greatest.bit_length(), max(codes).bit_length(),
                  count.bit_length() if several else 0)
        dense = (greatest + 1).bit_length()
        size = sum(-(-many * width // 8) for many, width in
                   zip((count, len(codes), len(codes)), widths))
        listed = several or size < -(-documents * dense // 8)
        wanted = (LISTED, *widths) if listed else (DENSE, dense)
        expect(found == wanted, f"{name}: layout and widths are {found}, not {wanted}")

    def _keywords(self, segment, distinct, block, first_block, name):
        """The dictionary; sets the block that follows it."""
        blocks = -(-distinct // BLOCK)
        starts = segment.file.numbers("keywordindex", 8)
        expect(block == first_block and blocks and block + blocks <= len(starts),
               f"{name}: blocks of keywords")
        self.next_block = block + blocks
        end = starts[self.next_block] if self.next_block < len(starts) else None
        cursor = segment.file.cursor("keywords", starts[block], end)
        words = []
        for place in range(distinct):
            if place % BLOCK == 0:
                expect(starts[block + place // BLOCK] == cursor.at, f"{name}: block of {place}")
                words.append(cursor.string())
                continue
            common = cursor.varint()
            words.append(words[-1][:common] + cursor.string())
            shared = len(prefix(words[-2], words[-1]))
            expect(common == shared, f"{name}: {common} bytes in common")
        cursor.done()
        expect(rises(words), f"{name}: keywords do not rise")
        return words

    def _check_codes(self, name, least, divisor, codes):
        expect(min(codes) == 0 and least + divisor * max(codes) < 1 << 64, f"{name}: codes")
        common = math.gcd(*codes)
        expect((common or divisor) == 1, f"{name}: the divisor {divisor} times {common}")

    def _value(self, key):
        if self.type == DATES:
            return key - (1 << 63)
        bits = key ^ (1 << 63 if key >> 63 else (1 << 64) - 1)
        return struct.unpack("<d", struct.pack("<Q", bits))[0]


def rises(items):
    return all(one < two for one, two in zip(items, items[1:]))


def prefix(one, two):
    size = 0
    while size < min(len(one), len(two)) and one[size] == two[size]:
        size += 1
    return one[:size]


def read_columns(segment):
    """All columns by name; every byte of their sections belongs to one."""
    if "columns" not in segment.file.sections:
        return {}
    columns = []
    block = end = 0
    for cursor in segment.file.table("columns", "columnindex"):
        column = Column(cursor, segment, block)
        block = getattr(column, "next_block", block)
        columns.append(column)
        end = column.end
    names = [column.name for column in columns]
    expect(names and rises(names), f"{segment.name('columns')}: names do not rise")
    expect(end == len(segment.file.sections["values"])
           and block == len(segment.file.numbers("keywordindex", 8)),
           f"{segment.name('values')}: bytes or blocks of no column")
    return {column.name: column for column in columns}
