#!/usr/bin/env python3
"""Makes archives for the tests beside it: make.py NAME..., each as a function below says."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile

DOCUMENTS = {
    "a/border.txt": b"Border guards slept at the crossing.\n",
    "a/readme.md": b"# Garden\n\nThe lamp is lit.\n",
    "page.html": b"<!doctype html><title>Harbour</title><p>Ships wait in the harbour.</p>",
    "records.jsonl": b'{"id":"r1","text":"A record of ships."}\n{"text":"Another record."}\n',
    "picture.bin": bytes(range(256)) * 40,
}


def add(tar, name, data, **more):
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mtime = 1000000000
    for key, value in more.items():
        setattr(entry, key, value)
    tar.addfile(entry, io.BytesIO(data))


def tar_of(documents):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in documents.items():
            add(tar, name, data)
    return out.getvalue()


def gzip_of(data):
    return gzip.compress(data, mtime=0)


def zip_of(documents, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in documents.items():
            archive.writestr(zipfile.ZipInfo(name, (2001, 9, 9, 1, 46, 40)), data, method)
    return out.getvalue()


def names():
    """Members whose names, kinds or contents are not what they should be."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in ("../up.txt", "d/../up.txt", "/etc/absolute.txt", "./a//b/./plain.txt",
                     "new\nline.txt", "", "x/" * 3000 + "deep.txt", "caf\u00e9.txt"):
            add(tar, name, b"a lamp here\n")
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE),
                           ("device", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE),
                           ("folder", tarfile.DIRTYPE)):
            add(tar, name, b"", type=kind, linkname="/etc/passwd")
        add(tar, "twice.txt", b"a first lamp\n")
        add(tar, "twice.txt", b"a second lamp\n")
        add(tar, "inner.tar", tar_of(DOCUMENTS))
        add(tar, "inner.txt.gz", gzip_of(b"a hidden lamp\n"))
    return out.getvalue()


def sparse():
    """A member that says it is a terabyte, nearly all of it a hole, and one behind it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        add(tar, "sparse.txt", b"lamp\n".ljust(512), pax_headers={
            "GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.name": "sparse.txt",
            "GNU.sparse.size": str(1 << 40), "GNU.sparse.numblocks": "1",
            "GNU.sparse.map": "0,512"})
        add(tar, "behind.txt", b"a lamp behind\n")
    return out.getvalue()


def huge():
    """A member that says it has eight exabytes."""
    data = bytearray(tar_of({"huge.txt": b"a lamp\n"}))
    data[124:136] = b"\x80\0\0\0" + (0x7FFFFFFFFFFFFFFF).to_bytes(8, "big")
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


def overlapping():
    """A zip file whose members all have the same bytes."""
    data = zip_of({"one.txt": b"a lamp\n" * 1000})
    end = data.rindex(b"PK\5\6")
    entry = data[data.index(b"PK\1\2"):end]
    count = 2000
    tail = bytearray(data[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    return data[:data.index(b"PK\1\2")] + entry * count + bytes(tail)


def bad_member():
    data = zip_of({"one.txt": b"one lamp\n", "two.txt": b"two lamps\n", "three.txt": b"three lamps\n"},
                  zipfile.ZIP_STORED)
    return data.replace(b"two lamps", b"two lumps")


def flipped(data, at):
    out = bytearray(data)
    out[at] ^= 1
    return bytes(out)


def records(count):
    return b"".join(b'{"id":"n%d","text":"number %d is %d"}\n' % (i, i, i * 7919 % 1000003)
                    for i in range(count))


MAKERS = {
    "docs.tar": lambda: tar_of(DOCUMENTS),
    "docs.tar.gz": lambda: gzip_of(tar_of(DOCUMENTS)),
    "docs.tgz": lambda: gzip_of(tar_of(DOCUMENTS)),
    "docs.tar.xz": lambda: lzma.compress(tar_of(DOCUMENTS)),
    "docs.tar.bz2": lambda: bz2.compress(tar_of(DOCUMENTS)),
    "docs.zip": lambda: zip_of(DOCUMENTS),
    "docs": lambda: gzip_of(tar_of(DOCUMENTS)),
    "less.tar": lambda: tar_of({"a/border.txt": b"Border guards woke up.\n", "new.txt": b"A new lamp.\n"}),
    "records.jsonl.gz": lambda: gzip_of(DOCUMENTS["records.jsonl"]),
    "records.jsonl.xz": lambda: lzma.compress(DOCUMENTS["records.jsonl"]),
    "records.jsonl.bz2": lambda: bz2.compress(DOCUMENTS["records.jsonl"]),
    "readme.md.gz": lambda: gzip_of(DOCUMENTS["a/readme.md"]),
    "two.txt.gz": lambda: gzip_of(b"a lamp ") + gzip_of(b"and another\n"),
    "empty.txt.gz": lambda: gzip_of(b""),
    "picture.bin.gz": lambda: gzip_of(DOCUMENTS["picture.bin"]),
    "twice.txt.gz": lambda: gzip_of(gzip_of(b"a lamp\n")),
    "paper.docx": lambda: zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
    "names.tar": names,
    "sparse.tar": sparse,
    "huge.tar": huge,
    "overlapping.zip": overlapping,
    "bad_member.zip": bad_member,
    "many.jsonl.gz": lambda: gzip_of(records(20000)),
    "cut.jsonl.gz": lambda: gzip_of(records(20000))[:-50000],
    "cut.jsonl.xz": lambda: lzma.compress(records(20000))[:-20000],
    "cut.tar": lambda: tar_of(DOCUMENTS)[:1300],
    "checksum.txt.gz": lambda: flipped(gzip_of(b"a lamp\n"), -6),
    "checksum.txt.xz": lambda: flipped(lzma.compress(b"a lamp\n" * 9), -30),
    "garbage.txt.gz": lambda: gzip_of(b"a lamp\n") + b"something else",
    "noise.txt.gz": lambda: b"\x1f\x8b\x08" + bytes(range(255)),
    "bomb.txt.gz": lambda: gzip_of(b"lamp " * (56 << 20)),
    "bomb.zip": lambda: zip_of({f"{i}.txt": bytes(100 << 20) for i in range(4)}),
}

for wanted in sys.argv[1:]:
    with open(wanted, "wb") as file:
        file.write(MAKERS[wanted.rsplit("/", 1)[-1]]())
