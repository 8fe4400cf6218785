/* Characters of UTF-8 text as a terminal sees them: decoding, width, and which must not reach it.
 */
#include "cli/text.h"

#include <endian.h>
#include <string.h>
#include <utf8proc.h>

/* The range that a first byte allows its second byte (Unicode Standard, table 3-7), and the number
 * of bytes in all; 0 for a byte that begins no character. */
static unsigned sequence(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    *high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    if (first >= 0xF0 && first <= 0xF4)
        return 4;
    return 0;
}

struct kw_glyph kw_glyph_beyond_ascii(struct kwic_text text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    struct kw_glyph glyph = {0xFFFD, 1, false};
    unsigned char low, high;

    unsigned length = sequence(bytes[0], &low, &high);
    if (length == 0)
        return glyph;
    uint32_t code = bytes[0] & (0x7FU >> length);
    while (glyph.size < length && glyph.size < text.size && bytes[glyph.size] >= low &&
           bytes[glyph.size] <= high) {
        code = code << 6 | (bytes[glyph.size++] & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    if (glyph.size == length) {
        glyph.code = code;
        glyph.valid = true;
    }
    return glyph;
}

unsigned kw_glyph_width(uint32_t code)
{
    if (code < 0x300)
        return code == 0xAD ? 0 : 1;
    int width = utf8proc_charwidth((utf8proc_int32_t)code);
    return width < 0 ? 0 : (unsigned)width;
}

unsigned kw_glyph_shown_width(uint32_t code)
{
    return kw_glyph_unsafe(code) ? 1 : kw_glyph_width(code);
}

bool kw_glyph_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* How many bytes at the beginning of `text` lie in [least, '~'], 0 < least < 0x80; eight at a time.
 */
static inline size_t plain_bytes(struct kwic_text text, unsigned char least)
{
    const uint64_t ones = 0x0101010101010101U, tops = ones << 7;
    size_t size = 0;

    for (; text.size - size >= sizeof(uint64_t); size += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text.data + size, sizeof word);
        word = le64toh(word);
        uint64_t low = word & ~tops; /* so that no sum reaches the next byte */
        uint64_t others = (word | (low + ones) | ~(low + ones * (0x80U - least))) & tops;
        if (others != 0)
            return size + (size_t)__builtin_ctzll(others) / 8;
    }
    while (size < text.size && (unsigned char)text.data[size] >= least &&
           (unsigned char)text.data[size] <= '~')
        size++;
    return size;
}

size_t kw_text_plain(struct kwic_text text)
{
    return plain_bytes(text, ' ');
}

size_t kw_text_plain_word(struct kwic_text text)
{
    return plain_bytes(text, '!');
}

struct kwic_text kw_text_fitting(struct kwic_text text, size_t columns)
{
    size_t size = 0;

    while (size < text.size) {
        size_t plain = kw_text_plain(kw_text_from(text, size));
        if (plain > columns)
            return kw_text_slice(text, 0, size + columns);
        columns -= plain;
        size += plain;
        if (size == text.size)
            break;
        struct kw_glyph glyph = kw_glyph_at(kw_text_from(text, size));
        unsigned width = kw_glyph_shown_width(glyph.code);
        if (width > columns)
            break;
        columns -= width;
        size += glyph.size;
    }
    return kw_text_slice(text, 0, size);
}
