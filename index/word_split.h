/* Splits text into the pieces of a word code (kwic-format(5)): words, what stands between them, and
 * characters of scripts that are written without blanks.
 *
 * A head describes a piece in one byte: its bytes, whether it opens as a word does, and whether it
 * closes as one. Between a piece that closes and one that opens a blank stands that is not written
 * ("spaceless words": de Moura, Navarro, Ziviani and Baeza-Yates, Fast and Flexible Word Searching
 * on Compressed Text, 2000). Any bytes are split, UTF-8 or not. */
#ifndef KW_INDEX_WORD_SPLIT_H
#define KW_INDEX_WORD_SPLIT_H

#include "base/bytes.h"

enum {
    KW_PIECE_BYTES = 63,        /* of a piece, at most; the low bits of a head */
    KW_PIECE_OPENS = 64,        /* flags of a head */
    KW_PIECE_CLOSES = 128,      /* */
    KW_PIECE_JOINT = 0,         /* the head of the empty piece that keeps a blank out */
    KW_PIECE_ESCAPE = 64 | 128, /* the head that says that a piece is spelled */
};

/* The head of the piece at the front of a text of `size` ≥ 1 bytes. */
uint8_t kw_piece_head(const uint8_t *text, size_t size);

/* Whether the piece at the front of a text of `size` ≥ 1 bytes opens as a word does. */
bool kw_piece_opens(const uint8_t *text, size_t size);

/* ---- Whole texts -------------------------------------------------------------------------- */

/* What 64 bytes of a text are, bit i is byte i. */
struct kw_split_marks {
    uint64_t word; /* bytes of words that are known without those next to them */
    uint64_t hard; /* the others but ASCII, and what lies behind the end: kw_piece_head tells */
};

enum { KW_SPLIT_SLACK = 128 /* bytes behind a text, which are 0 */ };

/* A text that is split from front to back. Zeroed is empty; it is used for one text after the
 * other. */
struct kw_split {
    struct kw_bytes text; /* a copy, KW_SPLIT_SLACK bytes behind it */
    size_t size;
    struct {
        uint8_t *items;
        size_t capacity;
    } marks;     /* of the words, a bit a byte of the text … */
    size_t hard; /* … and from here on those that are hard */
};

/* Takes a text. KW_E_MEMORY. */
enum kw_status kw_split_text(struct kw_split *split, struct kw_view text, struct kw_error *error);
void kw_split_release(struct kw_split *split);

/* The marks of 64 bytes; and those that define them. */
struct kw_split_marks kw_split_mark(const uint8_t *text);
struct kw_split_marks kw_split_mark_plain(const uint8_t *text);

/* Where what follows a piece that closes begins, if it ends at `at`; *joint tells whether a joint
 * comes before it. */
size_t kw_split_behind(const struct kw_split *split, size_t at, bool *joint);

/* The head of the piece at *at, below split->size, as kw_piece_head tells it. Moves *at to where
 * the next one begins, behind the blank that is not written; *joint tells whether a joint stands
 * between them. */
static inline uint8_t kw_split_take(const struct kw_split *split, size_t *at, bool *joint)
{
    enum { SEEN = 56 /* bytes that a load at any bit shows for sure */ };
    const uint8_t *marks = split->marks.items + *at / 8;
    uint64_t word = kw_load64(marks) >> *at % 8;
    uint64_t hard = kw_load64(marks + split->hard) >> *at % 8;
    uint64_t first = word & 1;
    /* up to the first byte that is of another kind */
    uint32_t size = (uint32_t)__builtin_ctzll((word ^ (0 - first)) | hard | UINT64_C(1) << SEEN);
    uint8_t head = (uint8_t)(size | (KW_PIECE_OPENS | KW_PIECE_CLOSES) * (uint32_t)first);
    *joint = false;
    if (__builtin_expect(!(hard >> size & 3) && size < SEEN, 1)) {
        uint64_t blank = first & (split->text.data[*at + size] == ' ') & word >> size >> 1;
        *at += size + blank;
        return head;
    }
    if (hard >> size & 1 || size == SEEN)
        head = kw_piece_head(split->text.data + *at, split->size - *at);
    *at += head & KW_PIECE_BYTES;
    if (head & KW_PIECE_CLOSES && *at < split->size)
        *at = kw_split_behind(split, *at, joint);
    return head;
}

#endif
