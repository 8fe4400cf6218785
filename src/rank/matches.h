/* Matches: where a query's leaves stand in one document. */
#ifndef KW_RANK_MATCHES_H
#define KW_RANK_MATCHES_H

#include "index/segment.h"
#include "query/plan.h"

/* Positions [first, first + span) of a leaf's match. */
struct kw_match {
    uint32_t first;
    uint32_t span;
    uint32_t leaf; /* in the plan */
};

struct kw_matches {
    struct kw_match *items; /* sorted by first, then longest span, then leaf */
    size_t count;
    size_t capacity;
};

#define KW_MATCHES_INIT                                                                            \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

enum kw_status kw_matches_add(struct kw_matches *matches, struct kw_match match,
                              struct kw_error *error);
/* Sorts, and drops repeats. */
void kw_matches_sort(struct kw_matches *matches);
void kw_matches_clear(struct kw_matches *matches);
void kw_matches_release(struct kw_matches *matches);

/* Appends where the plan's leaves matched in `document`, if it matches the plan, and sorts
 * `matches`: leaves of the text, and of the title where its words begin the text (they stand before
 * every passage). Leaves of other fields, negated ones and those under groups that do not match the
 * document are left out. KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_rank_matches(struct kw_segment *segment, uint32_t document,
                               const struct kw_plan *plan, struct kw_matches *matches,
                               struct kw_error *error);

#endif
