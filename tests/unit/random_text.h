/* Random text for property tests: made to meet the analyzer's rules at their edges. */
#ifndef KW_TESTS_RANDOM_TEXT_H
#define KW_TESTS_RANDOM_TEXT_H

#include "stemmers/utf8.h"

/* A small generator of random numbers (xorshift64*, Vigna), the same everywhere. */
static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545F4914F6CDD1DU;
}

static inline size_t random_below(uint64_t *state, size_t limit)
{
    return (size_t)(random_next(state) >> 33) % limit;
}

static const char *const random_pieces[] = {
    "a",
    "b",
    "C",
    "C++",
    "c#",
    "F##",
    "+",
    "#",
    ".",
    ".NET",
    "..net",
    ".netx",
    "NET",
    "1",
    "42",
    "3.14",
    ",",
    ";",
    ":",
    "'",
    "l'",
    "qu\xE2\x80\x99",
    "\"",
    "_",
    "__",
    "-",
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    ". ",
    "! ",
    "?\" ",
    ".) ",
    "Dr. ",
    "J. ",
    "U.S. ",
    "\xE2\x80\xA6 ",
    "(",
    ")",
    "\t",
    "\xCC\x81",
    "\xE2\x80\x8D",
    "\xC2\xAD",
    "\xE2\x80\x99",
    "\xE2\x80\x9C",
    "\xE2\x80\x9D",
    "\xC3\xA9",
    "\xC3\x9F",
    "\xD0\xB9",
    "\xD7\x90",
    "\xD7\x91",
    "\xD9\x85",
    "\xD9\x8E",
    "\xE6\x97\xA5",
    "\xE6\x9C\xAC",
    "\xE3\x81\xAE",
    "\xE3\x82\xAB",
    "\xE3\x82\x99",
    "\xE3\x83\xBC",
    "\xE3\x80\x82",
    "\xE3\x80\x85",
    "\xEF\xBC\x81",
    "\xE3\x80\x8C",
    "\xE3\x80\x80",
    "\xE3\x80\x80",
    "\xE0\xB8\x81",
    "\xE0\xB8\xB3",
    "\xE0\xB8\xB4",
    "\xE0\xB9\x81",
    "\xE1\x80\x80",
    "\xE1\x80\xAC",
    "\xE0\xA4\x95",
    "\xE0\xA4\xBF",
    "\xF0\x9F\x98\x80",
    "\xF0\x9F\x8F\xBD",
    "\xF0\x9F\x87\xA9",
    "\xE2\x80\xA9",
    "\xC2\x85",
    "\xE2\x80\xBF",
    "\xC2\xB2",
};

enum { RANDOM_PIECES = sizeof random_pieces / sizeof *random_pieces };

/* One piece of text: a character or a few that belong to some rule, or any code point at all. */
static inline size_t random_piece(uint64_t *state, uint8_t to[16])
{
    uint32_t code;

    if (random_below(state, 20) > 0) {
        const char *piece = random_pieces[random_below(state, RANDOM_PIECES)];
        memcpy(to, piece, strlen(piece));
        return strlen(piece);
    }
    do
        code = (uint32_t)random_below(state, random_below(state, 2) ? 0x3000 : KW_CHARACTERS);
    while (code >= 0xD800 && code < 0xE000);
    return kw_utf8_encode(code, to);
}

/* Fills text[0..room) with random pieces, now and then many of the same, and returns the size. */
static inline size_t random_text(uint64_t *state, uint8_t *text, size_t room)
{
    size_t size = 0, wanted = random_below(state, room);

    while (size < wanted) {
        uint8_t piece[16];
        size_t length = random_piece(state, piece);
        size_t times = random_below(state, 60) ? 1 : random_below(state, 3000);
        for (; times > 0 && size + length <= room; times--) {
            memcpy(text + size, piece, length);
            size += length;
        }
        if (size + length > room)
            break;
    }
    return size;
}

#endif
