/* Sorts by digits of a byte, from the first one on for strings and from the last one on for counts.
 */
#include "index/sort.h"

#include <stdlib.h>

enum {
    DIGITS = 256,
    FEW = 24, /* strings are sorted by comparing them */
    PREFIX = 8,
};

/* ---- Strings ------------------------------------------------------------------------------ */

struct sort_key {
    uint64_t prefix; /* the first eight bytes, big-endian, zeros behind the end */
    const struct kw_view *view;
    uint32_t number;
};

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left;
    const struct sort_key *b = right;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    int order = kw_view_compare(*a->view, *b->view);
    return order ? order : (a->number > b->number) - (a->number < b->number);
}

static void insert_keys(struct sort_key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sort_key key = keys[i];
        size_t at = i;
        for (; at && compare_keys(&keys[at - 1], &key) > 0; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

/* Sorts keys whose prefixes agree up to byte `byte`; `room` has as many. */
static void sort_keys(struct sort_key *keys, struct sort_key *room, size_t count, uint32_t byte)
{
    size_t ends[DIGITS + 1] = {0};
    uint32_t shift = 8 * (PREFIX - 1 - byte);
    if (count <= FEW) {
        insert_keys(keys, count);
        return;
    }
    if (byte == PREFIX) {
        qsort(keys, count, sizeof *keys, compare_keys);
        return;
    }
    for (size_t i = 0; i < count; i++)
        ends[(keys[i].prefix >> shift & 0xff) + 1]++;
    for (size_t digit = 0; digit < DIGITS; digit++)
        ends[digit + 1] += ends[digit];
    for (size_t i = 0; i < count; i++)
        room[ends[keys[i].prefix >> shift & 0xff]++] = keys[i];
    memcpy(keys, room, count * sizeof *keys);
    for (size_t digit = 0, from = 0; digit < DIGITS; from = ends[digit++])
        if (ends[digit] - from > 1)
            sort_keys(keys + from, room, ends[digit] - from, byte + 1);
}

enum kw_status kw_sort_views(const struct kw_view *views, uint32_t *order, size_t count,
                             struct kw_error *error)
{
    struct sort_key *keys = malloc((count + 1) * 2 * sizeof *keys);
    if (!keys)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        keys[i] = (struct sort_key){0, &views[i], (uint32_t)i};
        for (size_t byte = 0; byte < PREFIX; byte++)
            keys[i].prefix = keys[i].prefix << 8 | (byte < views[i].size ? views[i].data[byte] : 0);
    }
    sort_keys(keys, keys + count, count, 0);
    for (size_t i = 0; i < count; i++)
        order[i] = keys[i].number;
    free(keys);
    return KW_OK;
}

/* ---- Counts ------------------------------------------------------------------------------- */

/* Moves items to `to` by one digit of their counts, the highest first; equal ones keep their order.
 */
static void pass(const struct kw_counted *items, struct kw_counted *to, size_t count,
                 uint32_t shift)
{
    size_t ends[DIGITS + 1] = {0};
    for (size_t i = 0; i < count; i++)
        ends[DIGITS - (items[i].count >> shift & 0xff)]++;
    for (size_t digit = 0; digit < DIGITS; digit++)
        ends[digit + 1] += ends[digit];
    for (size_t i = 0; i < count; i++)
        to[ends[DIGITS - 1 - (items[i].count >> shift & 0xff)]++] = items[i];
}

enum kw_status kw_sort_counted(struct kw_counted *items, size_t count, struct kw_error *error)
{
    uint64_t all = 0;
    struct kw_counted *room = malloc((count + 1) * sizeof *room);
    if (!room)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        all |= items[i].count;
    for (uint32_t shift = 0; shift < 64 && all >> shift; shift += 8) {
        pass(items, room, count, shift);
        memcpy(items, room, count * sizeof *items);
    }
    free(room);
    return KW_OK;
}
