/* Pairs: postings of two frequent words of the text, one behind the other (kwic-format(5),
 * "Pairs").
 *
 * Lists of frequent words agree in most documents, so that phrases of such words would have to be
 * looked for in the positions of nearly all. Of a segment's commonest words each pair that occurs
 * has postings of its own, without positions. That a pair of them has none tells that it does not
 * occur. */
#ifndef KW_INDEX_PAIRS_H
#define KW_INDEX_PAIRS_H

#include "index/postings.h"

/* A surface term of the text that may be one of those that have pairs. */
struct kw_pair_word {
    uint32_t ordinal;   /* in the lexicon, which such terms begin */
    uint32_t documents; /* at least KW_PAIR_DOCUMENTS */
    uint32_t number;    /* the caller's */
};

/* Moves the KW_PAIR_WORDS words that stand in most documents, the first ones of equals, to the
 * front, by their ordinals; how many they are. */
uint32_t kw_pairs_choose(struct kw_pair_word *words, size_t count);

/* Where what the section of pairs consists of begins in it. */
struct kw_pairs {
    uint32_t words; /* that have pairs */
    uint32_t count; /* pairs */
    uint32_t row_bytes;
    uint64_t ordinals, before, rows, offsets, entries;
    uint64_t postings_at; /* of the first pair, in the section of postings */
};

/* False if the segment keeps no pairs, or on damage: then it is marked. */
bool kw_pairs_init(struct kw_pairs *pairs, struct kw_segment *segment);

/* The place of the term with this ordinal among the words that have pairs: KW_OK, KW_E_NOT_FOUND
 * (nothing recorded in error), KW_E_DAMAGED. */
enum kw_status kw_pairs_find_word(struct kw_segment *segment, const struct kw_pairs *pairs,
                                  uint64_t ordinal, uint32_t *place, struct kw_error *error);

/* Walks the pairs in their order. */
struct kw_pair_cursor {
    struct kw_segment *segment;
    struct kw_pairs pairs;
    uint32_t next;        /* number of the pair that is given next */
    struct kw_view rest;  /* of its block */
    uint64_t postings_at; /* of the block's last listed pair */
    struct kw_term term;  /* the one given last; its ordinal is its number among pairs */
};

/* KW_OK with cursor->term set, KW_END, or KW_E_DAMAGED. Zeroed but for `segment` and `pairs` a
 * cursor begins with the first pair; with `next` the first of a block, with that. */
enum kw_status kw_pair_cursor_next(struct kw_pair_cursor *cursor, struct kw_error *error);

/* Looks up where `second` stands at the position behind one of `first`, surface terms that
 * kw_segment_find_term gave: KW_OK with *pair set, KW_E_NOT_FOUND (nothing recorded in error: they
 * never do), KW_END (nothing recorded: that is not kept of them), KW_E_DAMAGED. */
enum kw_status kw_segment_find_pair(struct kw_segment *segment, const struct kw_term *first,
                                    const struct kw_term *second, struct kw_term *pair,
                                    struct kw_error *error);

#endif
