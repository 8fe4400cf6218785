/* Sorted strings of several inputs, side by side: a binary heap by key and input. */
#include "index/merge_parts.h"

#include <stdlib.h>

enum kw_status kw_merge_heap_init(struct kw_merge_heap *heap, size_t inputs, struct kw_error *error)
{
    *heap = (struct kw_merge_heap){.keys = calloc(inputs + 1, sizeof *heap->keys),
                                   .items = calloc(inputs + 1, sizeof *heap->items),
                                   .group = calloc(inputs + 1, sizeof *heap->group)};
    if (heap->keys && heap->items && heap->group)
        return KW_OK;
    kw_merge_heap_release(heap);
    return kw_fail_memory(error);
}

void kw_merge_heap_release(struct kw_merge_heap *heap)
{
    free(heap->keys);
    free(heap->items);
    free(heap->group);
    *heap = (struct kw_merge_heap){.count = 0};
}

static bool before(const struct kw_merge_heap *heap, uint32_t a, uint32_t b)
{
    int order = kw_view_compare(heap->keys[a], heap->keys[b]);
    return order ? order < 0 : a < b;
}

void kw_merge_heap_add(struct kw_merge_heap *heap, uint32_t input, struct kw_view key)
{
    uint32_t at = heap->count++;
    heap->keys[input] = key;
    while (at && before(heap, input, heap->items[(at - 1) / 2])) {
        heap->items[at] = heap->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->items[at] = input;
}

/* Takes the first input off. */
static uint32_t take(struct kw_merge_heap *heap)
{
    uint32_t first = heap->items[0];
    uint32_t last = heap->items[--heap->count];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < heap->count && before(heap, heap->items[child + 1], heap->items[child]))
            child++;
        if (child >= heap->count || !before(heap, heap->items[child], last))
            break;
        heap->items[at] = heap->items[child];
        at = child;
    }
    heap->items[at] = last;
    return first;
}

bool kw_merge_heap_take(struct kw_merge_heap *heap)
{
    heap->group_count = 0;
    if (!heap->count)
        return false;
    do
        heap->group[heap->group_count++] = take(heap);
    while (heap->count && kw_view_equal(heap->keys[heap->items[0]], heap->keys[heap->group[0]]));
    return true;
}
