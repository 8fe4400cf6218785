/* Characters of UTF-8 text as a terminal sees them: decoding, width, and which must not reach it.
 */
#ifndef KW_CLI_TEXT_H
#define KW_CLI_TEXT_H

#include "lib/kwic.h"

/* What stands in place of bytes that are not UTF-8 and of characters a terminal must not see. */
#define KW_GLYPH_REPLACEMENT "\xEF\xBF\xBD"

struct kw_glyph {
    uint32_t code; /* U+FFFD where the bytes are not UTF-8 */
    uint32_t size; /* bytes it takes, at least 1 */
    bool valid;
};

/* kw_glyph_at for what is not ASCII. */
struct kw_glyph kw_glyph_beyond_ascii(struct kwic_text text);

/* The character at the beginning of `text`, which must not be empty. Of invalid bytes it takes one
 * maximal subpart (Unicode Standard, section 3.9), so that each becomes one U+FFFD. */
static inline struct kw_glyph kw_glyph_at(struct kwic_text text)
{
    unsigned char first = (unsigned char)text.data[0];

    return first < 0x80 ? (struct kw_glyph){first, 1, true} : kw_glyph_beyond_ascii(text);
}

/* How many bytes at the beginning of `text` are printable ASCII, a column each: ' ' to '~'. */
size_t kw_text_plain(struct kwic_text text);

/* The same without the space: '!' to '~'. */
size_t kw_text_plain_word(struct kwic_text text);

/* Columns that a character takes on a terminal: 0, 1 or 2. */
unsigned kw_glyph_width(uint32_t code);

/* The same when the character is written cleaned for a terminal (KW_CLEAN_SAFE). */
unsigned kw_glyph_shown_width(uint32_t code);

/* True for what could command a terminal or mislead its reader: control characters of C0 and C1,
 * DEL, line and paragraph separators, and the marks that override the direction of text. */
bool kw_glyph_unsafe(uint32_t code);

/* True for the white space at which lines may be wrapped: space, tab, line ends. */
static inline bool kw_glyph_blank(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 ||
           code == 0x2029;
}

/* `text` without its first `size` bytes. */
static inline struct kwic_text kw_text_from(struct kwic_text text, size_t size)
{
    return (struct kwic_text){text.data + size, text.size - size};
}

/* As much of the beginning of `text` as takes at most `columns` when it is written as one line for
 * a terminal. */
struct kwic_text kw_text_fitting(struct kwic_text text, size_t columns);

/* The bytes [start, end) of `text`. */
static inline struct kwic_text kw_text_slice(struct kwic_text text, size_t start, size_t end)
{
    return (struct kwic_text){text.data + start, end - start};
}

#endif
