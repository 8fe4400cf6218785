/* UTF-8: decoding and encoding one character, and checking and mending whole texts. */
#ifndef KW_STEMMERS_UTF8_H
#define KW_STEMMERS_UTF8_H

#include "base/bytes.h"

enum {
    KW_UTF8_BYTES = 4,            /* the longest encoding of a character */
    KW_UTF8_REPLACEMENT = 0xFFFD, /* stands for what could not be decoded */
    KW_CHARACTERS = 0x110000,     /* code points are below this */
};

static inline bool kw_utf8_is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The character at `at` of data[0..end), at < end; *next becomes the offset behind it, at most
 * `end`. In text that is not valid UTF-8 the answer is some code point, perhaps above
 * KW_CHARACTERS, and *next still lies in at+1..end. */
static inline uint32_t kw_utf8_decode(const uint8_t *data, size_t at, size_t end, size_t *next)
{
    const uint8_t *p = data + at;
    size_t size = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;

    if (size > end - at) {
        *next = end;
        return KW_UTF8_REPLACEMENT;
    }
    *next = at + size;
    switch (size) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1FU) << 6 | (p[1] & 0x3FU);
    case 3:
        return (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
    default:
        return (p[0] & 0x07U) << 18 | (p[1] & 0x3FU) << 12 | (p[2] & 0x3FU) << 6 | (p[3] & 0x3FU);
    }
}

/* Writes `code`, a Unicode scalar value, to `to` (room for KW_UTF8_BYTES); returns how many bytes.
 */
static inline size_t kw_utf8_encode(uint32_t code, uint8_t *to)
{
    if (code < 0x80) {
        to[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (uint8_t)(0xC0 | code >> 6);
        to[1] = (uint8_t)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (uint8_t)(0xE0 | code >> 12);
        to[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        to[2] = (uint8_t)(0x80 | (code & 0x3F));
        return 3;
    }
    to[0] = (uint8_t)(0xF0 | code >> 18);
    to[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
    to[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
    to[3] = (uint8_t)(0x80 | (code & 0x3F));
    return 4;
}

/* The largest offset <= size at which `text` may be cut without cutting a character. */
static inline size_t kw_utf8_floor(struct kw_view text, size_t size)
{
    if (size >= text.size)
        return text.size;
    while (size > 0 && kw_utf8_is_continuation(text.data[size]))
        size--;
    return size;
}

/* How many bytes at the front of `text` are valid UTF-8 (text.size if all are). A character that
 * the end cuts off is not valid. NUL is a character like others. */
size_t kw_utf8_valid(struct kw_view text);

/* Where the valid UTF-8 that begins at `at` <= text.size ends. *subpart is 0 if that is the text's
 * end, else the size of the maximal subpart of an ill-formed sequence that stands there, which
 * kw_utf8_repair replaces by one U+FFFD. */
size_t kw_utf8_valid_until(struct kw_view text, size_t at, size_t *subpart);

/* Appends `text` to `out` with each maximal subpart of an ill-formed sequence replaced by U+FFFD,
 * as the Unicode Standard recommends (section 3.9, "U+FFFD Substitution of Maximal Subparts"), and
 * adds the number of replacements to *repairs. `out` is marked failed if memory runs out. */
void kw_utf8_repair(struct kw_view text, struct kw_bytes *out, uint64_t *repairs);

#endif
