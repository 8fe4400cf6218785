/* Pieces by the classes of their characters, told by the first byte or two. */
#include "index/word_split.h"

#include <stdlib.h>
#if defined __SSE2__
#include <emmintrin.h>
#endif

enum kind {
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

static enum kind classify(const uint8_t *text, size_t size)
{
    enum kind kind = classes[text[0]];
    uint8_t second = size > 1 ? text[1] : 0;
    if (kind != LOOK)
        return kind;
    if (text[0] == 0xf0) /* signs, pictures; rare letters and Chinese */
        return second == 0x9f ? OTHER : ALONE;
    if (text[0] == 0xe0) /* Thai and Lao; the scripts of India */
        return second >= 0xb8 && second <= 0xbb ? ALONE : WORD;
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
    enum kind kind = classify(text, size);
    size_t end = character(text, size);
    size_t limit = size < KW_PIECE_BYTES ? size : KW_PIECE_BYTES;
    if (kind == WORD) {
        for (end = 1; end < limit; end++) {
            uint8_t next = classes[text[end]];
            if (next != WORD && !(next == LOOK && classify(text + end, size - end) == WORD))
                break;
        }
        return (uint8_t)(end | KW_PIECE_OPENS | KW_PIECE_CLOSES);
    }
    while (kind == OTHER && end < size && classify(text + end, size - end) == OTHER) {
        size_t more = character(text + end, size - end);
        if (end + more > KW_PIECE_BYTES)
            break;
        end += more;
    }
    return (uint8_t)end;
}

/* ---- Whole texts -------------------------------------------------------------------------- */

struct kw_split_marks kw_split_mark_plain(const uint8_t *text)
{
    struct kw_split_marks marks = {0, 0};
    for (uint32_t i = 0; i < 64; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (text[i] >= 0xc0 && classes[text[i]] != WORD)
            marks.hard |= bit;
        else if (classes[text[i]] == WORD)
            marks.word |= bit;
    }
    return marks;
}

#if defined __SSE2__
/* Bytes of 16 in first..last, as 0xff. */
static inline __m128i within(__m128i bytes, uint8_t first, uint8_t last)
{
    __m128i over = _mm_sub_epi8(bytes, _mm_set1_epi8((char)first));
    return _mm_cmpeq_epi8(_mm_min_epu8(over, _mm_set1_epi8((char)(last - first))), over);
}

struct kw_split_marks kw_split_mark(const uint8_t *text)
{
    struct kw_split_marks marks = {0, 0};
    for (uint32_t i = 0; i < 64; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        __m128i letter = within(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
        __m128i word = _mm_or_si128(letter, within(bytes, '0', '9'));
        uint64_t high = (uint32_t)_mm_movemask_epi8(bytes);
        if (high) {
            __m128i hard = _mm_or_si128(within(bytes, 0xe0, 0xe9), within(bytes, 0xee, 0xff));
            hard = _mm_or_si128(hard, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xc2)));
            uint64_t some = (uint32_t)_mm_movemask_epi8(hard);
            marks.hard |= some << i;
            marks.word |= (high & ~some) << i;
        }
        marks.word |= (uint64_t)(uint32_t)_mm_movemask_epi8(word) << i;
    }
    return marks;
}
#else
struct kw_split_marks kw_split_mark(const uint8_t *text)
{
    return kw_split_mark_plain(text);
}
#endif

void kw_split_release(struct kw_split *split)
{
    kw_bytes_release(&split->text);
    free(split->marks.items);
    *split = (struct kw_split){.size = 0};
}

enum kw_status kw_split_text(struct kw_split *split, struct kw_view text, struct kw_error *error)
{
    size_t blocks = text.size / 64 + 1;
    kw_bytes_clear(&split->text);
    uint8_t *copy = kw_bytes_reserve(&split->text, text.size + KW_SPLIT_SLACK);
    split->hard = (blocks + 1) * 8;
    if (!copy || !kw_grow(&split->marks, split->hard * 2))
        return kw_fail_memory(error);
    if (text.size)
        memcpy(copy, text.data, text.size);
    memset(copy + text.size, 0, KW_SPLIT_SLACK);
    split->size = text.size;
    for (size_t i = 0; i < blocks; i++) {
        struct kw_split_marks marks = kw_split_mark(copy + i * 64);
        if (i == text.size / 64)
            marks.hard |= UINT64_MAX << text.size % 64;
        kw_store64(split->marks.items + i * 8, marks.word);
        kw_store64(split->marks.items + split->hard + i * 8, marks.hard);
    }
    kw_store64(split->marks.items + blocks * 8, 0);
    kw_store64(split->marks.items + split->hard + blocks * 8, UINT64_MAX);
    return KW_OK;
}

static bool opens_at(const struct kw_split *split, size_t at)
{
    return at < split->size && kw_piece_opens(split->text.data + at, split->size - at);
}

size_t kw_split_behind(const struct kw_split *split, size_t at, bool *joint)
{
    if (split->text.data[at] == ' ' && opens_at(split, at + 1))
        return at + 1;
    *joint = opens_at(split, at);
    return at;
}
