/* Sorts byte strings by eight-byte prefixes first. */
#include "index/sort.h"

#include <stdlib.h>

struct sort_key {
    uint64_t prefix; /* the first eight bytes, big-endian, zeros behind the end */
    struct kw_view view;
    uint32_t number;
};

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left;
    const struct sort_key *b = right;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    int order = kw_view_compare(a->view, b->view);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

enum kw_status kw_sort_views(const struct kw_view *views, uint32_t *order, size_t count,
                             struct kw_error *error)
{
    struct sort_key *keys = malloc((count + 1) * sizeof *keys);
    if (!keys)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        keys[i] = (struct sort_key){0, views[i], (uint32_t)i};
        for (size_t byte = 0; byte < 8; byte++)
            keys[i].prefix = keys[i].prefix << 8 | (byte < views[i].size ? views[i].data[byte] : 0);
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++)
        order[i] = keys[i].number;
    free(keys);
    return KW_OK;
}
