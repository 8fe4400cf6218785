/* The ranker: evaluates a plan over a segment and keeps the best documents.
 *
 * Where a plan is flat (flat.h), what cannot be among the best is passed over, and matches are
 * counted by lists; else every document that matches is scored. Scores and order are the same. */
#ifndef KW_RANK_SEARCH_H
#define KW_RANK_SEARCH_H

#include "index/segment.h"
#include "rank/bm25.h"
#include "rank/facets.h"
#include "rank/topk.h"

/* Offers `top` the live documents of the segment that match, at least those that it will keep,
 * under `tag` << 32 | document, with the key if it sorts by a field; counts their values in
 * `facets` (may be NULL). *matches grows by their number, or, if top->uncounted, by that of those
 * offered. */
enum kw_status kw_rank_segment(struct kw_segment *segment, uint32_t tag, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, struct kw_top *top,
                               uint64_t *matches, struct kw_facets *facets, struct kw_error *error);

/* Whether one document matches the plan, and of what its score is the sum, in this order: `parts`,
 * zeroed, one a leaf and behind them one an addition. With NULL for `parts` the figures of
 * `statistics` are not used; its `work` can be NULL, for no limit. KW_E_DAMAGED, KW_E_MEMORY;
 * KW_E_USAGE: it is too much work. */
enum kw_status kw_rank_document(struct kw_segment *segment, uint32_t document,
                                const struct kw_plan *plan, const struct kw_statistics *statistics,
                                bool *matched, struct kw_part *parts, struct kw_error *error);

#endif
