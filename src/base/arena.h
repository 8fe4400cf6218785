/* An arena: many small allocations that die together, as a query's tree or a batch's words do. */
#ifndef KW_BASE_ARENA_H
#define KW_BASE_ARENA_H

#include "base/bytes.h"

struct kw_arena_block;

struct kw_arena {
    struct kw_arena_block *blocks; /* newest first */
};

#define KW_ARENA_INIT                                                                              \
    {                                                                                              \
        NULL                                                                                       \
    }

/* `size` zeroed bytes aligned for any type, owned by the arena until it is released or cleared.
 * NULL when memory runs out. */
void *kw_arena_alloc(struct kw_arena *arena, size_t size);
/* The same, not zeroed. */
void *kw_arena_take(struct kw_arena *arena, size_t size);

/* A copy of `view` in the arena, with a NUL behind it. data == NULL when memory runs out. */
struct kw_view kw_arena_copy(struct kw_arena *arena, struct kw_view view);

/* Frees everything; the arena is as KW_ARENA_INIT and can be used again. */
void kw_arena_release(struct kw_arena *arena);

#endif
