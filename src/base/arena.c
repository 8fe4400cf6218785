/* The arena's blocks: small allocations share one, a large one has its own. Blocks grow, so that a
 * few things take little memory: what a search takes and gives back should not move the heap's end.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { FIRST = 992, MOST = 64 * 1024 }; /* bytes of a block; malloc has up to 1 KiB at hand */

struct kw_arena_block {
    struct kw_arena_block *next;
    size_t used;
    size_t capacity;
    alignas(max_align_t) uint8_t data[];
};

void *kw_arena_take(struct kw_arena *arena, size_t size)
{
    size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + unit - 1) / unit * unit;
    struct kw_arena_block *block = arena->blocks;
    if (!block || block->capacity - block->used < size) {
        size_t usual = block ? 2 * block->capacity : FIRST;
        usual = usual < MOST ? usual : MOST;
        size_t capacity = size > usual ? size : usual;
        block = malloc(sizeof *block + capacity);
        if (!block)
            return NULL;
        block->next = arena->blocks;
        block->used = 0;
        block->capacity = capacity;
        arena->blocks = block;
    }
    void *place = block->data + block->used;
    block->used += size;
    return place;
}

void *kw_arena_alloc(struct kw_arena *arena, size_t size)
{
    void *place = kw_arena_take(arena, size);
    return place ? memset(place, 0, size) : NULL;
}

struct kw_view kw_arena_copy(struct kw_arena *arena, struct kw_view view)
{
    uint8_t *copy = kw_arena_alloc(arena, view.size + 1);
    if (!copy)
        return (struct kw_view){NULL, 0};
    if (view.size)
        memcpy(copy, view.data, view.size);
    return (struct kw_view){copy, view.size};
}

void kw_arena_release(struct kw_arena *arena)
{
    while (arena->blocks) {
        struct kw_arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
