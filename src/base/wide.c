/* Large tables in huge pages. */
#include "base/wide.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    LINE = 64,
    HUGE_PAGE = 1 << 21,
};

void *kw_wide_alloc(size_t size)
{
    size_t step = size < HUGE_PAGE ? LINE : HUGE_PAGE;
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + step - 1) & ~(step - 1);
    void *memory = aligned_alloc(step, size);
    if (memory && step == HUGE_PAGE)
        (void)madvise(memory, size, MADV_HUGEPAGE); /* only a wish */
    return memory;
}

void *kw_wide_calloc(size_t count, size_t size)
{
    void *memory = count <= SIZE_MAX / 2 / size ? kw_wide_alloc(count * size) : NULL;
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}
