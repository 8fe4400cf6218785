/* A hash table with open addresses. */
#include "xapian/ids.h"

#include <stdlib.h>

enum { LEAST = 64 };

/* The place of a docid, or the free one where it belongs. */
static struct kw_ids_entry *place_of(struct kw_ids_entry *items, size_t capacity, uint32_t docid)
{
    size_t at = (docid * UINT32_C(2654435769)) & (capacity - 1);
    while (items[at].docid && items[at].docid != docid)
        at = (at + 1) & (capacity - 1);
    return &items[at];
}

static bool grow(struct kw_ids *ids)
{
    size_t capacity = ids->capacity ? 2 * ids->capacity : LEAST;
    struct kw_ids_entry *items = calloc(capacity, sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < ids->capacity; i++)
        if (ids->items[i].docid)
            *place_of(items, capacity, ids->items[i].docid) = ids->items[i];
    free(ids->items);
    ids->items = items;
    ids->capacity = capacity;
    return true;
}

bool kw_ids_find(const struct kw_ids *ids, uint32_t docid, struct kw_view *id)
{
    const struct kw_ids_entry *entry =
        ids->capacity ? place_of(ids->items, ids->capacity, docid) : NULL;
    if (!entry || !entry->docid)
        return false;
    *id = entry->id;
    return true;
}

enum kw_status kw_ids_add(struct kw_ids *ids, uint32_t docid, struct kw_view id,
                          struct kw_error *error)
{
    struct kw_view copy = kw_arena_copy(&ids->arena, id);
    if (!copy.data || (2 * (ids->count + 1) > ids->capacity && !grow(ids)))
        return kw_fail_memory(error);
    *place_of(ids->items, ids->capacity, docid) = (struct kw_ids_entry){docid, copy};
    ids->count++;
    return KW_OK;
}

void kw_ids_release(struct kw_ids *ids)
{
    free(ids->items);
    kw_arena_release(&ids->arena);
    *ids = (struct kw_ids){.items = NULL};
}
