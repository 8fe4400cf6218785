"""Paged files, and the codes that numbers have in them: the page's CONVENTIONS and PAGED FILES."""

import os
import struct

PAGE = 4096
SUMS = 1023  # checksums of data pages that a table page holds


class Damaged(Exception):
    """A file that is not as kwic-format(5) says."""


def expect(condition, message):
    if not condition:
        raise Damaged(message)


def _crc_table():
    """What two bytes at once do to a CRC-32C (RFC 3720), reflected."""
    single = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        single.append(value)
    return [single[(single[pair & 255] ^ pair >> 8) & 255] ^ single[pair & 255] >> 8
            for pair in range(65536)]


_TABLE = _crc_table()


def crc32c(data):
    """The checksum of an even number of bytes."""
    table = _TABLE
    crc = 0xFFFFFFFF
    for pair in struct.unpack(f"<{len(data) // 2}H", data):
        crc = table[(crc ^ pair) & 0xFFFF] ^ crc >> 16
    return crc ^ 0xFFFFFFFF


class Cursor:
    """Reads bytes from `at` on, up to `end`; `name` says where in messages."""

    def __init__(self, data, name, at=0, end=None):
        self.data = data
        self.name = name
        self.at = at
        self.end = len(data) if end is None else end
        expect(0 <= at <= self.end <= len(data), f"{name}: bytes {at} to {self.end} are outside")

    def bytes(self, size):
        expect(0 <= size <= self.end - self.at, f"{self.name}: {size} bytes at {self.at} are cut")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size):
        """A u8, u32 or u64."""
        return int.from_bytes(self.bytes(size), "little")

    def varint(self):
        value = shift = 0
        while True:
            expect(self.at < self.end, f"{self.name}: a varint is cut at {self.at}")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        expect(value < 1 << 64, f"{self.name}: a varint before {self.at} is above 2^64")
        expect(byte or shift == 7, f"{self.name}: a varint before {self.at} is too long")
        return value

    def string(self):
        return self.bytes(self.varint())

    def bits(self, count, width):
        """`count` numbers of `width` bits each."""
        expect(width <= 64, f"{self.name}: numbers of {width} bits before {self.at}")
        if not width:
            return [0] * count
        packed = int.from_bytes(self.bytes((count * width + 7) // 8), "little")
        expect(not packed >> count * width, f"{self.name}: bits left over before {self.at}")
        mask = (1 << width) - 1
        return [packed >> place & mask for place in range(0, count * width, width)]

    def rising(self, count):
        """`count` rising numbers, coded as gaps, a varint each."""
        return ungap([self.varint() for _ in range(count)])

    def done(self):
        expect(self.at == self.end, f"{self.name}: {self.end - self.at} bytes left at {self.at}")


def ungap(gaps, last=-1):
    """The numbers that were coded as gaps; the first one against `last`."""
    numbers = []
    for gap in gaps:
        last += gap + 1
        numbers.append(last)
    return numbers


class Paged:
    """A paged file: every page verified, the directory read."""

    def __init__(self, folder, name, kind, expected):
        self.name = name
        with open(os.path.join(folder, name), "rb") as file:
            self.data = file.read()
        pages, rest = divmod(len(self.data), PAGE)
        tables = (pages + SUMS) // (SUMS + 1)
        self.pages = pages - tables
        expect(not rest and pages >= 2 and tables == (self.pages + SUMS - 1) // SUMS,
               f"{name}: {len(self.data)} bytes are not whole")
        self._verify_pages()
        self._read_directory(kind)
        found = tuple(self.sections)
        expect(found in expected, f"{name}: the sections are {' '.join(found)}")

    def _page(self, number):
        return self.data[number * PAGE:(number + 1) * PAGE]

    def _verify_pages(self):
        for first in range(0, self.pages, SUMS):
            number = self.pages + first // SUMS
            table = struct.unpack(f"<{PAGE // 4}I", self._page(number))
            expect(table[SUMS] == crc32c(self._page(number)[:-4]),
                   f"{self.name}: the checksum of table page {number} is wrong")
            covered = min(SUMS, self.pages - first)
            expect(not any(table[covered:SUMS]), f"{self.name}: table page {number} has no zeros")
            for page in range(first, first + covered):
                expect(table[page - first] == crc32c(self._page(page)),
                       f"{self.name}: the checksum of page {page} is wrong")

    def _read_directory(self, kind):
        head = struct.unpack_from("<4s4sIIQQQII", self.data)
        expect(head[0] == b"kwic", f"{self.name}: not a file of kwic")
        expect(head[1] == kind, f"{self.name}: the kind is {head[1]}, not {kind}")
        expect(head[2:5] == (5, 5, 0), f"{self.name}: versions and features are {head[2:5]}")
        expect(head[5] == len(self.data), f"{self.name}: the header says {head[5]} bytes")
        expect(head[6] == self.pages, f"{self.name}: the header says {head[6]} data pages")
        expect(head[7] <= 64 and not head[8], f"{self.name}: {head[7]} sections, then {head[8]}")
        self.sections = {}
        self.parameters = {}
        used = 48 + 40 * head[7]
        expect(not any(self.data[used:PAGE]), f"{self.name}: no zeros behind the directory")
        end = PAGE
        for row in range(48, used, 40):
            name, start, size, parameter = struct.unpack_from("<16sQQQ", self.data, row)
            letters = name.rstrip(b"\0").decode("ascii")
            expect(len(letters) <= 15 and b"\0" not in name.rstrip(b"\0") and letters
                   and letters not in self.sections, f"{self.name}: a section has the name {name}")
            expect(start == (end + 63) // 64 * 64 and start + size <= self.pages * PAGE,
                   f"{self.name}: section {letters} is {size} bytes at {start}")
            expect(not any(self.data[end:start]), f"{self.name}: no zeros before {letters}")
            end = start + size
            self.sections[letters] = self.data[start:end]
            self.parameters[letters] = parameter
        expect(not any(self.data[end:self.pages * PAGE]) and end > (self.pages - 1) * PAGE,
               f"{self.name}: data pages behind the last section, or no zeros")

    def cursor(self, section, at=0, end=None):
        return Cursor(self.sections[section], f"{self.name}: {section}", at, end)

    def numbers(self, section, size):
        """A section of numbers of `size` bytes each, as a list."""
        data = self.sections[section]
        expect(len(data) % size == 0, f"{self.name}: {section} has {len(data)} bytes")
        letter = {1: "B", 2: "H", 4: "I", 8: "Q"}[size]
        return list(struct.unpack(f"<{len(data) // size}{letter}", data))

    def table(self, section, index):
        """A cursor for each record of a table."""
        ends = self.numbers(index, 8)
        count = self.parameters[section]
        expect(len(ends) == count, f"{self.name}: {index} has {len(ends)} records, not {count}")
        expect(ends[-1:] in ([], [len(self.sections[section])]) and not self.parameters[index],
               f"{self.name}: {section} does not end where {index} says")
        return [self.cursor(section, start, end) for start, end in zip([0] + ends, ends)]
