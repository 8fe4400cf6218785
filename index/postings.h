/* Terms and their postings, as a segment hands them out. */
#ifndef KW_INDEX_POSTINGS_H
#define KW_INDEX_POSTINGS_H

#include "index/format.h"
#include "index/segment.h"
#include "index/strength.h"

/* A term's entry in the lexicon. */
struct kw_term {
    uint32_t documents;       /* document frequency, deleted documents counted */
    uint64_t occurrences;     /* collection frequency, likewise */
    uint64_t ordinal;         /* in the segment's lexicon, from 0 */
    enum kw_term_place place; /* where its postings are */
    bool positional;          /* its postings have positions of their own */
    bool shared;              /* a stem whose postings are those of its one form */
    struct kw_view inlined;   /* KW_PLACE_INLINE: the coded postings */
    uint64_t postings_at;     /* KW_PLACE_LISTED: offset in the section of postings … */
    uint64_t positions_at;    /* … and of positions */
    uint32_t form_count;      /* a stem: its surface forms; 0 for a surface term */
    struct kw_view forms;     /* coded ordinals; kw_term_forms decodes them */
};

/* Looks a lexicon key (kw_key_*, format.h) up. KW_OK, KW_E_NOT_FOUND (nothing recorded in error),
 * KW_E_DAMAGED. A stem that shares the postings of its one surface form is given with that form's
 * place, so a cursor need not know. */
enum kw_status kw_segment_find_term(struct kw_segment *segment, struct kw_view key,
                                    struct kw_term *term, struct kw_error *error);

/* Looks up the surface forms of a stem: fills `terms` (room for term->form_count). */
enum kw_status kw_term_forms(struct kw_segment *segment, const struct kw_term *term,
                             struct kw_term *terms, struct kw_error *error);

/* Walks the lexicon from the first key ≥ `from`. */
struct kw_lexicon_cursor {
    struct kw_segment *segment;
    uint64_t ordinal;     /* of the next entry */
    struct kw_view rest;  /* of the block at hand */
    struct kw_bytes key;  /* the current key, whole */
    size_t shared;        /* bytes, at least, that it has in common with the one given before */
    struct kw_term term;  /* the current entry, if it was read */
    struct kw_view entry; /* the bytes behind the current key */
    size_t kind_at;       /* place of the kind in the key */
    uint64_t postings_at; /* running offsets of the block */
    uint64_t positions_at;
    bool pending; /* the entry at hand is the next to give */
};

enum kw_status kw_lexicon_cursor_init(struct kw_lexicon_cursor *cursor, struct kw_segment *segment,
                                      struct kw_view from, struct kw_error *error);
/* KW_OK with cursor->key and cursor->term set, KW_END, or KW_E_DAMAGED. */
enum kw_status kw_lexicon_cursor_next(struct kw_lexicon_cursor *cursor, struct kw_error *error);
/* The same in two steps, for those who pass over many: cursor->key, then cursor->term. */
enum kw_status kw_lexicon_cursor_next_key(struct kw_lexicon_cursor *cursor, struct kw_error *error);
enum kw_status kw_lexicon_cursor_term(struct kw_lexicon_cursor *cursor, struct kw_error *error);
void kw_lexicon_cursor_release(struct kw_lexicon_cursor *cursor);

/* As kw_lexicon_cursor_term, but a stem that shares its form's postings keeps KW_PLACE_SHARED and
 * has no numbers: quick, for those who need only its forms. */
enum kw_status kw_lexicon_cursor_entry(struct kw_lexicon_cursor *cursor, struct kw_error *error);

/* Goes on to the first key ≥ `to`, from the one given last on, which may be given again. It is the
 * next to be given. KW_OK (also if there is none), KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_lexicon_cursor_seek(struct kw_lexicon_cursor *cursor, struct kw_view to,
                                      struct kw_error *error);

/* A cursor over one term's postings, deleted documents included. It begins before the first
 * posting. It allocates nothing but room for positions.
 *
 *     kw_postings_init(&cursor, segment, &term);
 *     while (kw_postings_next(&cursor) != KW_NO_DOCUMENT)
 *         use(cursor.document, kw_postings_frequency(&cursor));
 *     status = kw_segment_status(segment, error);
 *     kw_postings_release(&cursor);
 *
 * On damage it ends early and the segment is marked. */
struct kw_postings {
    uint32_t document; /* the current one, KW_NO_DOCUMENT before the first and after the last */
    uint32_t block;    /* the decoded block's number */
    uint32_t count;    /* postings in it */
    uint32_t at;       /* the current one in it */
    struct kw_segment *segment;
    struct kw_term term;
    uint32_t documents[KW_POSTING_BLOCK];
    uint32_t frequencies[KW_POSTING_BLOCK]; /* of the block, once they are decoded */
    bool counted;                           /* they are */
    uint8_t extra_bits;                     /* else they are here, less 1, at so many bits each */
    const uint8_t *extras;
    size_t bytes;        /* of the block, if it is not inline */
    const uint8_t *last; /* u32: the last document of each block, behind them where each begins;
                            NULL for a single block */
    uint64_t classes_at; /* in the section of postings: the classes of several blocks, … */
    uint64_t first_at;   /* … and the first block */
    uint32_t block_count;
    uint32_t position_block; /* block whose positions are asked for, UINT32_MAX: none */
    struct {
        uint32_t *items;
        size_t capacity;
    } positions;                                /* of one posting, of a listed term */
    uint32_t inline_positions[KW_INLINE_BYTES]; /* of an inline one, those of all postings */
    uint32_t starts[KW_POSTING_BLOCK + 1];      /* each posting's first in the block */
    const uint8_t *widths;                      /* of the runs of that block, … */
    uint64_t runs_at;                           /* … which begin here in their section */
    uint32_t run;                               /* one of them, and … */
    uint64_t run_at;                            /* … where it begins */
};

void kw_postings_init(struct kw_postings *cursor, struct kw_segment *segment,
                      const struct kw_term *term);
void kw_postings_release(struct kw_postings *cursor);

/* The next posting's document, KW_NO_DOCUMENT at the end. */
uint32_t kw_postings_next(struct kw_postings *cursor);

/* The first posting whose document is ≥ `target` and not before the current one; KW_NO_DOCUMENT if
 * there is none. */
uint32_t kw_postings_advance(struct kw_postings *cursor, uint32_t target);

/* Decodes the frequencies of the current block. One that is out of range becomes 1, and the segment
 * is marked. */
void kw_postings_count(struct kw_postings *cursor);

/* The frequency of the term in the current document, ≥ 1; 1 on damage, and the segment is marked.
 * The first call in a block decodes those of all its postings. Only while the cursor stands on a
 * posting. */
static inline uint32_t kw_postings_frequency(struct kw_postings *cursor)
{
    if (!cursor->counted)
        kw_postings_count(cursor);
    return cursor->frequencies[cursor->at];
}

/* Marks the segment: a frequency of the current block is out of range. Returns 1, for it. */
uint32_t kw_postings_damaged_frequency(struct kw_postings *cursor);

/* The frequency of posting `at` (below count) of the current block, as above, but without decoding
 * the others. */
static inline uint32_t kw_postings_frequency_at(struct kw_postings *cursor, uint32_t at)
{
    if (cursor->counted)
        return cursor->frequencies[at];
    size_t bit = (size_t)at * cursor->extra_bits;
    uint64_t word = kw_load64(cursor->extras + bit / 8);
    uint64_t mask = (UINT64_C(1) << cursor->extra_bits) - 1;
    uint32_t extra = (uint32_t)(word >> (bit % 8) & mask);
    return extra < UINT32_MAX ? extra + 1 : kw_postings_damaged_frequency(cursor);
}

/* The positions of the current posting, each above the one before, as many as its frequency says;
 * valid until the cursor is asked again, moves to another block or is released. Only if
 * term.positional. */
enum kw_status kw_postings_positions(struct kw_postings *cursor, const uint32_t **positions,
                                     struct kw_error *error);

/* Where the positions of a posting are, found before they are read. */
struct kw_position_spot {
    uint64_t at;           /* of the run in which the first is, in their section */
    const uint8_t *widths; /* of that run and those behind it; NULL: the term is inline */
    uint32_t first;        /* number in the run, or of those of an inline term */
    uint32_t count;        /* the frequency */
};

/* Finds the positions of posting `at` (below count) of the current block: for kw_postings_read_spot
 * at any later time, wherever the cursor is then. It is quick if postings rise. False on damage:
 * then the segment is marked. */
bool kw_postings_spot(struct kw_postings *cursor, uint32_t at, struct kw_position_spot *spot);
/* Asks the processor to fetch them. */
void kw_postings_prefetch_positions(const struct kw_postings *cursor,
                                    const struct kw_position_spot *spot);
/* As kw_postings_positions for a posting that was found. */
enum kw_status kw_postings_read_spot(struct kw_postings *cursor,
                                     const struct kw_position_spot *spot,
                                     const uint32_t **positions, struct kw_error *error);

/* Appends the positions of all postings of the current block, one behind the other, as gaps that
 * begin anew with each posting, to `out`, which holds `count` numbers; *added is how many. Only if
 * term.positional. KW_E_MEMORY, KW_E_DAMAGED. */
struct kw_numbers {
    uint32_t *items;
    size_t capacity;
};
enum kw_status kw_postings_gaps(struct kw_postings *cursor, struct kw_numbers *out, size_t count,
                                size_t *added, struct kw_error *error);

/* ---- Blocks and what their postings can add to a score ------------------------------------- */

/* Decodes the documents of `block` (below block_count): `count` of them into `documents`. The
 * cursor stands on the first. False on damage: then it is at its end, and the segment is marked. */
bool kw_postings_enter(struct kw_postings *cursor, uint32_t block);

/* The first block from `from` (≤ block_count) on whose last document is ≥ target, by galloping;
 * block_count if there is none. A single block is given as it is: it says nothing of its last. */
uint32_t kw_postings_find_block(const struct kw_postings *cursor, uint32_t from, uint32_t target);

/* The last document of a block (below block_count) of a term with several. */
static inline uint32_t kw_postings_last(const struct kw_postings *cursor, uint32_t block)
{
    return kw_load32(cursor->last + (size_t)block * 4);
}

/* Asks the processor to fetch a block (below block_count) that will soon be decoded. */
static inline void kw_postings_prefetch(const struct kw_postings *cursor, uint32_t block)
{
    enum { LINE = 64, LINES = 4 }; /* as much as most blocks are */
    if (!cursor->last)
        return;
    const struct kw_segment *segment = cursor->segment;
    const uint8_t *at = segment->pages.map.view.data + segment->postings->offset +
                        cursor->first_at +
                        kw_load32(cursor->last + ((size_t)cursor->block_count + block) * 4);
    for (int i = 0; i < LINES; i++)
        __builtin_prefetch(at + (size_t)i * LINE);
}

/* The strengths (strength.h) of a term with several blocks. The pointers are into the segment. */
struct kw_strengths {
    const uint8_t *greatest;       /* the greatest code of each class; 0: it has no posting */
    uint32_t stronger[KW_CLASSES]; /* postings of each class or a higher one; [0]: all */
    const uint8_t *blocks;         /* the greatest code of each block */
    uint32_t block_count;
};

/* False if the term has a single block, which has no strengths, or on damage: then the segment is
 * marked. */
bool kw_postings_strengths(struct kw_postings *cursor, struct kw_strengths *out);

/* The classes of the postings of a block (below block_count) of a term with several: KW_CLASS_BYTES
 * verified bytes of two classes each, the first in the low half; beyond the term's last posting
 * they are 0. NULL on damage: the segment is marked. */
const uint8_t *kw_postings_classes(struct kw_postings *cursor, uint32_t block);

/* Bytes of a bitmap of a block's documents, from the one behind the block before's last on. */
static inline size_t kw_posting_bitmap_size(uint32_t next, uint32_t last)
{
    return (size_t)(last - next) / 8 + 1;
}

/* Of each posting of a block the frequency less 1, at so many bits. */
struct kw_extras {
    const uint8_t *packed; /* in the segment */
    uint32_t bits;
};

/* The frequency of posting `at` of the block that these are of. */
static inline uint32_t kw_postings_frequency_of(struct kw_postings *cursor,
                                                const struct kw_extras *extras, uint32_t at)
{
    size_t bit = (size_t)at * extras->bits;
    uint64_t word = kw_load64(extras->packed + bit / 8);
    uint32_t extra = (uint32_t)(word >> (bit % 8) & ((UINT64_C(1) << extras->bits) - 1));
    return extra < UINT32_MAX ? extra + 1 : kw_postings_damaged_frequency(cursor);
}

/* A block that is a bitmap: bit i, of byte i / 8 the bit i % 8, tells whether document first + i
 * is in it. Bits behind the last document mean nothing. */
struct kw_posting_bits {
    const uint8_t *bytes; /* in the segment; KW_KERNEL_SLACK bytes behind the last can be read */
    uint32_t first, last;
    struct kw_extras extras;
};

/* The bitmap of a block (below block_count), without decoding it. False if it is none, or on
 * damage: then the segment is marked. */
bool kw_postings_bits(struct kw_postings *cursor, uint32_t block, struct kw_posting_bits *bits);

/* Where what precedes a term's blocks begins, and they themselves, in the section of postings. */
struct kw_skips {
    uint64_t greatest, stronger, blocks, last, offsets, positions, classes, first_block;
};

/* Of a listed term with several blocks. */
struct kw_skips kw_postings_skips(const struct kw_term *term, uint32_t block_count);

#endif
