/* Memory for large tables whose lines are read and written at random. */
#ifndef KW_BASE_WIDE_H
#define KW_BASE_WIDE_H

#include <stddef.h>

/* `size` ≥ 1 bytes, not zeroed, that begin at a cache line; a large one lies in huge pages where
 * the system gives them, so that its addresses are found faster and it is filled in fewer steps.
 * NULL when memory runs out; free() it. */
void *kw_wide_alloc(size_t size);

/* The same, of `count` items of `size` bytes, zeroed. */
void *kw_wide_calloc(size_t count, size_t size);

#endif
