/* Pieces by the classes of their characters, told by the first byte or two. */
#include "index/word_split.h"

enum class {
    OTHER, /* a run of these is a piece */
    WORD,  /* and so is a run of these; the bytes of one character can be told one by one */
    ALONE, /* each of these is a piece */
    LOOK,  /* the second byte tells */
};

/* By first bytes: 2-byte characters are letters but for those below U+00C0, U+2000 to U+2FFF is
 * punctuation and signs, U+3000 to U+9FFF is Chinese and Japanese. Bytes that go on with a
 * character, and those that no character begins with, count as WORD. */
static const uint8_t classes[256] = {
    ['0' ... '9'] = WORD,    ['A' ... 'Z'] = WORD,    ['a' ... 'z'] = WORD,
    [0x80 ... 0xc1] = WORD,  [0xc2] = OTHER,          [0xc3 ... 0xdf] = WORD,
    [0xe0 ... 0xe1] = LOOK,  [0xe2] = OTHER,          [0xe3 ... 0xe9] = ALONE,
    [0xea ... 0xed] = WORD,  [0xee ... 0xef] = ALONE, [0xf0] = LOOK,
    [0xf1 ... 0xff] = ALONE,
};

static enum class classify(const uint8_t *text, size_t size) {
    enum class class = classes[text[0]]; if (class != LOOK) return class;
    uint8_t second = size > 1 ? text[1] : 0;
    if (text[0] == 0xf0) /* signs, pictures; rare letters and Chinese */
            return second == 0x9f
        ? OTHER
        : ALONE;
    if (text[0] == 0xe0) /* Thai and Lao; the scripts of India */
                return second >= 0xb8 &&
            second <= 0xbb
        ? ALONE
        : WORD;
    /* Burmese and Khmer; Latin with marks, Greek with marks and others */
    return (second >= 0x80 && second <= 0x82) || second == 0x9e || second == 0x9f ? ALONE : WORD;
}

/* Bytes of the character at the front, 1 to 4. */
static size_t character(const uint8_t *text, size_t size)
{
    size_t bytes = 1;
    while (bytes < 4 && bytes < size && text[0] >= 0xc0 && (text[bytes] & 0xc0) == 0x80)
        bytes++;
    return bytes;
}

bool kw_piece_opens(const uint8_t *text, size_t size)
{
    return classify(text, size) == WORD;
}

uint8_t kw_piece_head(const uint8_t *text, size_t size)
{
    enum class class = classify(text, size);
    size_t end = character(text, size);
    size_t limit = size < KW_PIECE_BYTES ? size : KW_PIECE_BYTES;
    if (class == WORD) {
        for (end = 1; end < limit; end++) {
            uint8_t next = classes[text[end]];
            if (next != WORD && !(next == LOOK && classify(text + end, size - end) == WORD))
                break;
        }
        return (uint8_t)(end | KW_PIECE_OPENS | KW_PIECE_CLOSES);
    }
    while (class == OTHER && end < size && classify(text + end, size - end) == OTHER) {
        size_t more = character(text + end, size - end);
        if (end + more > KW_PIECE_BYTES)
            break;
        end += more;
    }
    return (uint8_t)end;
}
