"""An index: the manifest, the segments that it names, their deletes, and the sources."""

import os

from .paged import Cursor, Paged, expect
from .segment import Segment, typed

COMMIT = (("commit",),)
DELETES = (("documents", "lengths"),)
SOURCES = (("files", "fileindex", "roots", "rootindex", "gone", "goneindex"),)
UNREAD = 2 ** 64 - 1  # the size of a file that was not read to its end
KINDS = ("document", "records", "neither")


class Index:
    """Everything in the folder of an index."""

    def __init__(self, folder):
        self.folder = folder
        self.numbers = []  # of all files that the manifest names
        cursor = Paged(folder, "manifest", b"mani", COMMIT).cursor("commit")
        self.commit = cursor.varint()
        self.next_file = cursor.varint()
        self.analysis = cursor.varint()
        self.language = cursor.string()
        flags = cursor.varint()
        expect(flags < 4, f"manifest: flags {flags}")
        self.keep_accents = bool(flags & 1)
        self.zlib = bool(flags & 2)
        self.base = cursor.string()
        sources = cursor.varint()
        self.segments = []
        for _ in range(cursor.varint()):
            self._read_segment(*[cursor.varint() for _ in range(4)])
        expect(not self.zlib or not any(segment.coded for segment in self.segments),
               "manifest: a segment has another store")
        self.types = {}  # of fields: name: letter
        self.asked = set()
        for _ in range(cursor.varint()):
            self._read_type(cursor)
        cursor.done()
        expect(list(self.types) == sorted(self.types), "manifest: fields do not rise")
        if sources:
            self.numbers.append(sources)
        expect(self.commit and len(set(self.numbers)) == len(self.numbers)
               and max(self.numbers, default=0) < self.next_file,
               f"manifest: commit {self.commit}, next file {self.next_file}, files {self.numbers}")
        self.sources = Sources(folder, sources) if sources else None
        live = [document.id for document in self.live()]
        expect(len(live) == len(set(live)), "two live documents have one id")
        expect(not self.sources or not set(live) & set(self.sources.gone), "a gone id is live")

    def live(self):
        return [document for segment in self.segments for document in segment.documents
                if not document.deleted]

    def _read_type(self, cursor):
        name, letter, flags = cursor.string(), cursor.bytes(1), cursor.varint()
        expect(letter in (b"t", b"k", b"n", b"d") and flags in (0, 1) and typed(name)
               and name not in self.types, f"manifest: type {letter} of {name}")
        self.types[name] = letter
        self.asked.update([name] if flags else [])

    def _read_segment(self, number, documents, deleted, deletes):
        self.numbers.append(number)
        gone = []
        file = None
        if deletes:
            self.numbers.append(deletes)
            file = Paged(self.folder, f"deletes-{deletes}", b"dele", DELETES)
            gone = file.numbers("documents", 4)
            expect(gone == sorted(set(gone)), f"{file.name}: documents do not rise")
        expect(len(gone) == deleted, f"manifest: {deleted} deleted ones of segment {number}")
        segment = Segment(self.folder, number, set(gone))
        expect(len(segment.documents) == documents, f"manifest: documents of segment {number}")
        if file:
            sums = []
            for row in segment.fields.values():
                lengths = [row.lengths[document] for document in gone]
                sums += sum(map(bool, lengths)), sum(lengths)
            expect(file.numbers("lengths", 8) == sums, f"{file.name}: lengths are not {sums}")
        self.segments.append(segment)


class Sources:
    """What walks know of files; every part is a list of dictionaries, or of ids."""

    def __init__(self, folder, number):
        file = Paged(folder, f"sources-{number}", b"srcs", SOURCES)
        self.readings = []
        self.roots = []
        for cursor in file.table("roots", "rootindex"):
            self._read_root(cursor)
        self.files = [self._read_file(cursor) for cursor in file.table("files", "fileindex")]
        self.gone = [cursor.bytes(cursor.end - cursor.at)
                     for cursor in file.table("gone", "goneindex")]
        paths = [entry["path"] for entry in self.files]
        expect(paths == sorted(set(paths)), f"{file.name}: paths do not rise")
        expect(self.gone == sorted(set(self.gone)), f"{file.name}: gone ids do not rise")

    @staticmethod
    def _reading(cursor):
        encoded = cursor.varint(), cursor.varint()
        expect(encoded[0] <= 4 and encoded[1] <= 4, f"{cursor.name}: a reading of {encoded}")
        return {"format": ("auto", "text", "markdown", "html", "jsonl")[encoded[0]],
                "encoding": ("auto", "utf-8", "utf-16le", "utf-16be", "windows-1252")[encoded[1]],
                "id": cursor.string() or b"id", "title": cursor.string() or b"title",
                "text": cursor.string() or b"text"}

    def _read_root(self, cursor):
        letter = cursor.bytes(1)
        if letter == b"r":
            self.readings.append(self._reading(cursor))
        elif letter == b"w":
            path, seconds = cursor.string(), cursor.varint()
            roots = [root for root in self.roots if root["path"] == path]
            expect(roots, f"{cursor.name}: a walk of {path}, which is no root before it")
            roots[0]["walked"] = seconds
        elif letter == b"p":
            path = cursor.string()
            coded = Cursor(cursor.string(), f"{cursor.name}: reading")
            reading = self._reading(coded)
            coded.done()
            flags = cursor.varint()
            expect(flags < 4, f"{cursor.name}: flags {flags}")
            globs = [[cursor.string() for _ in range(cursor.varint())] for _ in range(2)]
            self.roots.append({"path": path, "reading": reading, "hidden": bool(flags & 1),
                               "no_ignore": bool(flags & 2), "include": globs[0],
                               "exclude": globs[1], "walked": None})
        else:
            cursor.bytes(cursor.end - cursor.at)
        cursor.done()

    def _read_file(self, cursor):
        entry = {"path": cursor.string(), "size": cursor.varint(), "time": cursor.varint(),
                 "inode": cursor.varint()}
        bits = cursor.number(1)
        cursor.done()
        reading = bits >> 4
        expect(bits & 3 < 3 and (reading == 15 or reading < len(self.readings)),
               f"{cursor.name}: bits {bits:#x} of {entry['path']}")
        if entry["time"] >> 63:
            entry["time"] -= 1 << 64
        entry.update(kind=KINDS[bits & 3], left_out_gone=bool(bits & 4),
                     left_out_owned=bool(bits & 8), reading=None if reading == 15 else reading)
        return entry


def base_directory(index):
    """The absolute directory that paths are relative to."""
    return os.path.abspath(os.path.join(os.fsencode(index.folder), index.base))
