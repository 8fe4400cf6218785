"""What goes before the blocks of a listed term: skip data, and how strong its postings are."""

import bisect

from .paged import expect

CLASSES = 16
CLASS_BYTES = 64  # of a block
BOUNDS = [code / 255 for code in range(256)]


def code_of(frequency, length, field):
    """The code of a posting's strength: the least that, over 255, is not below it."""
    k = 0.3 + 0.9 * length * field.documents / field.total if field.total else 0.3
    return bisect.bisect_left(BOUNDS, frequency / (frequency + k))


def classes_of(codes):
    """The class of each code that is there."""
    found = {}
    above = 0
    for code in sorted(set(codes), reverse=True):
        found[code] = min(14, (len(codes) // above).bit_length() - 1) if above else 15
        above += codes.count(code)
    return found


class Front:
    """As it was read, for `count` blocks of a term."""

    def __init__(self, cursor, count, positioned):
        self.greatest = list(cursor.bytes(CLASSES))
        self.stronger = [cursor.number(4) for _ in range(CLASSES)]
        self.strongest = list(cursor.bytes(count))
        self.lasts = [cursor.number(4) for _ in range(count)]
        self.starts = [cursor.number(4) for _ in range(count)]
        self.places = [cursor.number(8) for _ in range(count)] if positioned else []
        packed = cursor.bytes(CLASS_BYTES * count)
        self.classes = [half for byte in packed for half in (byte & 15, byte >> 4)]

    def verify(self, name, lasts, starts, places, blocks):
        """Compares it with what was found in the blocks; `blocks` has the codes of each."""
        expect(self.lasts == lasts, f"{name}: last documents are {self.lasts}, not {lasts}")
        expect(self.starts == starts, f"{name}: offsets are {self.starts}, not {starts}")
        expect(self.places == places, f"{name}: positions are at {self.places}, not {places}")
        strongest = [max(codes) for codes in blocks]
        expect(self.strongest == strongest,
               f"{name}: strengths of blocks are {self.strongest}, not {strongest}")
        codes = [code for block in blocks for code in block]
        class_of = classes_of(codes)
        classes = [class_of[code] for code in codes]
        greatest = [max((code for code in class_of if class_of[code] == number), default=0)
                    for number in range(CLASSES)]
        expect(self.greatest == greatest,
               f"{name}: strengths of classes are {self.greatest}, not {greatest}")
        stronger = [sum(one >= number for one in classes) for number in range(CLASSES)]
        expect(self.stronger == stronger,
               f"{name}: postings from each class are {self.stronger}, not {stronger}")
        zeros = [0] * (len(self.classes) - len(classes))
        expect(self.classes == classes + zeros, f"{name}: a class, or a zero behind, is wrong")
