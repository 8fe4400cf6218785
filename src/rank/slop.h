/* Slop: where the terms of a phrase stand within some moves of it, in a document.
 *
 * An assignment gives each term a position of its own among those at which it stands. A term's
 * shift is that position less the term's offset in the phrase. It is a match if the shifts lie
 * within `distance` of each other; there is one match for each least shift that such an assignment
 * has. Where several assignments have the same least shift, the match is the one with the smallest
 * greatest shift, and of these the one with the least positions, compared term by term. */
#ifndef KW_RANK_SLOP_H
#define KW_RANK_SLOP_H

#include "rank/spans.h"
#include "rank/work.h"

/* A term's positions in the document at hand, rising. */
struct kw_slop_term {
    const uint32_t *positions;
    uint32_t count;
    uint32_t offset; /* in the phrase; terms go by offset */
    uint32_t at;     /* the first of the positions that a match to come can take */
};

/* Finds the matches of one phrase, document by document, and keeps its memory between them. */
struct kw_slop;

/* A finder of phrases of `count` terms (≥ 2). */
enum kw_status kw_slop_new(struct kw_slop **out, uint32_t count, uint32_t distance,
                           struct kw_error *error);
void kw_slop_free(struct kw_slop *slop); /* accepts NULL */

/* The terms, `count` of them, for the caller to fill before the first match of a document is asked
 * for; `at` must be 0. */
struct kw_slop_term *kw_slop_terms(struct kw_slop *slop);

/* The next match, by least shift: KW_OK, KW_END, KW_E_MEMORY, KW_E_USAGE (more than `work` allows;
 * NULL: it has no limit). With `span` not NULL it gets the positions from the least to the
 * greatest, and the term that stands at the greatest. */
enum kw_status kw_slop_next(struct kw_slop *slop, struct kw_span *span, struct kw_work *work,
                            struct kw_error *error);

#endif
