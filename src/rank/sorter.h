/* Sorting by a field: gives a segment's hits their keys. */
#ifndef KW_RANK_SORTER_H
#define KW_RANK_SORTER_H

#include "index/columns.h"
#include "rank/topk.h"

/* Between a segment and the top. Keywords are compared by their codes as long as hits are of one
 * segment; only the segment's best are then offered to the top with the keywords themselves. */
struct kw_sorter {
    struct kw_segment *segment;
    struct kw_top *top; /* borrowed */
    bool has_column;
    struct kw_column column;
    struct kw_values values;
    struct kw_top own; /* the segment's best, by code; unused but for keywords */
};

/* Begins with a segment. If the top is not sorted by a field, hits are handed on as they are. It
 * points into itself: not to be copied. Release it whatever it returns. KW_E_MEMORY, KW_E_DAMAGED.
 */
enum kw_status kw_sorter_init(struct kw_sorter *sorter, struct kw_segment *segment,
                              struct kw_top *top, struct kw_error *error);
void kw_sorter_release(struct kw_sorter *sorter);

/* Offers a hit, whose key is found here; hits come in the order of documents, whose numbers in the
 * segment are the lower half of the hits'. KW_E_MEMORY. */
enum kw_status kw_sorter_offer(struct kw_sorter *sorter, struct kw_hit *hit,
                               struct kw_error *error);

/* Offers what was kept back. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_sorter_finish(struct kw_sorter *sorter, struct kw_error *error);

#endif
