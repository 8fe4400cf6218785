/* Sorts what an index has many of: byte strings, as lexicons and ids need it, and counts. */
#ifndef KW_INDEX_SORT_H
#define KW_INDEX_SORT_H

#include "base/bytes.h"

/* Fills `order` with the numbers 0..count-1 so that views[order[i]] rise in byte order (equal ones
 * by number). The first eight bytes are sorted by digits, and what is left is compared.
 * KW_E_MEMORY. */
enum kw_status kw_sort_views(const struct kw_view *views, uint32_t *order, size_t count,
                             struct kw_error *error);

/* Something that was counted. */
struct kw_counted {
    uint64_t count;
    uint32_t number;
    uint8_t head; /* the caller's */
};

/* Sorts items so that their counts fall; equal ones keep their order. By digits: the time grows as
 * the items and as the digits of the greatest count. KW_E_MEMORY. */
enum kw_status kw_sort_counted(struct kw_counted *items, size_t count, struct kw_error *error);

#endif
