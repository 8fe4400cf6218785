/* Sorts many byte strings, as lexicons and ids need it. */
#ifndef KW_INDEX_SORT_H
#define KW_INDEX_SORT_H

#include "base/bytes.h"

/* Fills `order` with the numbers 0..count-1 so that views[order[i]] rise in byte order (equal ones
 * by number). Compares eight bytes at a time before it compares strings. KW_E_MEMORY. */
enum kw_status kw_sort_views(const struct kw_view *views, uint32_t *order, size_t count,
                             struct kw_error *error);

#endif
