/* Names: distinct byte strings (ids, paths), numbered densely from 0 in the order of their arrival,
 * in a hash table. What belongs to a name is kept by the caller in an array by its number. */
#ifndef KW_ENGINE_NAMES_H
#define KW_ENGINE_NAMES_H

#include "base/arena.h"

#define KW_NO_NAME UINT32_MAX

struct kw_names {
    uint64_t
        *slots; /* upper half of the hash << 32 | number + 1; 0: free; a power of two of them */
    size_t slot_count;
    struct kw_view *items; /* by number */
    size_t count;
    size_t capacity;
    struct kw_arena arena; /* the bytes */
};

#define KW_NAMES_INIT                                                                              \
    {                                                                                              \
        NULL, 0, NULL, 0, 0, KW_ARENA_INIT                                                         \
    }

/* The number of `name`, KW_NO_NAME if it is not among them. */
uint32_t kw_names_find(const struct kw_names *names, struct kw_view name);

/* The number of `name`, which is copied if it is new (its number is then the count before).
 * KW_NO_NAME when memory runs out or there are 2^32 - 1 names; `names` is as before then. */
uint32_t kw_names_add(struct kw_names *names, struct kw_view name);

/* Name `number` < count; valid until the next clear or release. */
static inline struct kw_view kw_names_get(const struct kw_names *names, uint32_t number)
{
    return names->items[number];
}

void kw_names_clear(struct kw_names *names);
void kw_names_release(struct kw_names *names);

#endif
