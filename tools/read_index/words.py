"""Stored text by a word code."""

from .paged import expect

PASSAGES = 16  # in a block
WORDS = 16     # in a group
SIZE, OPENS, CLOSES = 63, 64, 128  # of a head
ESCAPE = OPENS + CLOSES


def read_vocabulary(segment):
    """(head, bytes) of each rank."""
    count = segment.file.parameters["wordindex"]
    starts = segment.file.numbers("wordindex", 4)
    cursor = segment.file.cursor("words")
    words = []
    expect(len(starts) == -(-count // WORDS), f"{segment.name('wordindex')}: groups")
    for group, start in enumerate(starts):
        expect(cursor.at == start, f"{segment.name('wordindex')}: group {group} is not there")
        heads = cursor.bytes(min(WORDS, count - group * WORDS))
        for head in heads:
            expect(head & SIZE or head in (0, ESCAPE), f"{cursor.name}: an empty word")
            words.append((head, cursor.bytes(head & SIZE)))
    cursor.done()
    expect(sum(head == ESCAPE for head, _ in words) <= 1, f"{cursor.name}: two escapes")
    return words


def take_rank(codes, at, code):
    """The rank at a place of the codes, and the place behind it."""
    one, two = code & 0xffff, code >> 16
    first = codes[at]
    if first < one:
        return first, at + 1
    if first < one + two:
        return one + int.from_bytes(codes[at:at + 2], "big") - (one << 8), at + 2
    return (one + two * 256 + int.from_bytes(codes[at:at + 3], "big") - ((one + two) << 16),
            at + 3)


def decode(codes, words, code, name):
    """The text of a passage."""
    text = bytearray()
    closed = False
    at = 0
    while at < len(codes):
        rank, at = take_rank(codes, at, code)
        expect(at <= len(codes) and rank < len(words), f"{name}: a code that is none")
        head, word = words[rank]
        if head == ESCAPE:
            expect(at < len(codes), f"{name}: an escape at the end")
            head = codes[at]
            at += 1 + (head & SIZE)
            expect(at <= len(codes), f"{name}: an escape at the end")
            word = codes[at - (head & SIZE):at]
        if closed and head & OPENS:
            text += b" "
        closed = bool(head & CLOSES)
        text += word
    return bytes(text)


def read_words(segment):
    """The texts of all passages, one behind the other."""
    code = segment.file.parameters["words"]
    expect((code & 0xffff) + (code >> 16) <= 256, f"{segment.name('words')}: the code")
    words = read_vocabulary(segment)
    starts = segment.file.numbers("textindex", 8)
    count = len(segment.passages)
    expect(len(starts) == -(-count // PASSAGES), f"{segment.name('textindex')}: blocks")
    cursor = segment.file.cursor("text")
    texts = []
    for block, start in enumerate(starts):
        expect(start == cursor.at, f"{segment.name('textindex')}: block {block} is not there")
        width = cursor.bytes(1)[0]
        for size in cursor.bits(min(PASSAGES, count - block * PASSAGES), width):
            name = f"{segment.name('text')}: passage {len(texts)}"
            texts.append(decode(cursor.bytes(size), words, code, name))
            expect(len(texts[-1]) == segment.passages[len(texts) - 1][1], f"{name}: its bytes")
    cursor.done()
    return b"".join(texts)
