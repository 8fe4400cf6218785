/* The order in which a merge numbers documents so that lists of postings are small. */
#ifndef KW_INDEX_REORDER_H
#define KW_INDEX_REORDER_H

#include "index/merge.h"

/* Finds an order for the documents of the sources that are not deleted, as kw_merge_options.order
 * takes it: by the words of their texts that stand in at least 16 documents and in at most half of
 * them, each step in at most `iterations` rounds (bisection.h). Where these have more than 2^27
 * postings, the rarest are left out. *order is the caller's to free. Takes four bytes of memory a
 * posting of these words. KW_E_INTERRUPTED, KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_reorder(const struct kw_merge_source *sources, size_t count, uint32_t iterations,
                          bool (*go_on)(void *context), void *context, uint32_t **order,
                          struct kw_error *error);

#endif
