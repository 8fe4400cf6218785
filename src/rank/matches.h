/* Matches: where a query's leaves stand in one document, and what of that lights up. */
#ifndef KW_RANK_MATCHES_H
#define KW_RANK_MATCHES_H

#include "index/segment.h"
#include "query/plan.h"

struct kw_term_memo;
struct kw_unions;

/* Positions [first, first + span) of a leaf's match. */
struct kw_match {
    uint32_t first;
    uint32_t span;
    uint32_t leaf; /* in the plan; behind the leaves its additions follow */
};

/* Positions first..last, both included, that are marked: a match of a leaf, or the part of a NEAR's
 * match that one of its operands has. */
struct kw_mark {
    uint32_t first;
    uint32_t last;
    uint32_t term;              /* a phrase's: which of its terms stands at `last` */
    const struct kw_leaf *leaf; /* the leaf or operand; one of the plan's */
};

struct kw_matches {
    struct kw_match *items; /* sorted by first, then longest span, then leaf */
    size_t count;
    size_t capacity;
    struct {
        struct kw_mark *items; /* sorted by first, then longest; may repeat */
        size_t count;
        size_t capacity;
    } marks;
};

#define KW_MATCHES_INIT                                                                            \
    {                                                                                              \
        NULL, 0, 0,                                                                                \
        {                                                                                          \
            NULL, 0, 0                                                                             \
        }                                                                                          \
    }

enum kw_status kw_matches_add(struct kw_matches *matches, struct kw_match match,
                              struct kw_error *error);
enum kw_status kw_matches_mark(struct kw_matches *matches, struct kw_mark mark,
                               struct kw_error *error);
/* Sorts, and drops repeated matches. */
void kw_matches_sort(struct kw_matches *matches);
void kw_matches_clear(struct kw_matches *matches);
void kw_matches_release(struct kw_matches *matches);

/* Appends where the plan's leaves matched in `document`, if it matches the plan, and sorts
 * `matches`: leaves of the text, and of the title where its words begin the text (they stand before
 * every passage). Filters, leaves of other fields, negated ones and those under groups that do not
 * match the document are left out. Of the additions the characters are there, but they are not
 * marked. KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_rank_matches(struct kw_segment *segment, uint32_t document,
                               const struct kw_plan *plan, struct kw_unions *unions,
                               struct kw_term_memo *memo, struct kw_matches *matches,
                               struct kw_error *error);

#endif
