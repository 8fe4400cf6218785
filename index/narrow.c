/* Numbers the words, surface forms and stems of one field anew. */
#include "index/narrow.h"

#include <stdlib.h>

/* Numbers, sorted and without repeats: what stands at a place has that place as its new number. */
struct kept {
    uint32_t *items;
    uint32_t count;
};

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Replaces `count` numbers by new ones, but for UINT32_MAX; false when memory runs out. */
static bool renumber(struct kw_arena *arena, uint32_t *numbers, size_t count, struct kept *kept)
{
    *kept = (struct kept){kw_arena_alloc(arena, (count + 1) * sizeof *numbers), 0};
    if (!kept->items)
        return false;
    memcpy(kept->items, numbers, count * sizeof *numbers);
    qsort(kept->items, count, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = kept->items[i];
        if (number != UINT32_MAX && (!kept->count || kept->items[kept->count - 1] != number))
            kept->items[kept->count++] = number;
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t *place =
            numbers[i] == UINT32_MAX
                ? NULL
                : bsearch(&numbers[i], kept->items, kept->count, sizeof *numbers, compare_numbers);
        numbers[i] = place ? (uint32_t)(place - kept->items) : UINT32_MAX;
    }
    return true;
}

/* What the kept words map to, numbered anew, with its views; false when memory runs out. */
static bool map(struct kw_arena *arena, const struct kept *words, const uint32_t *number_of,
                const struct kw_view *views, const uint32_t **new_of,
                const struct kw_view **new_views, uint32_t *new_count)
{
    uint32_t *numbers = kw_arena_alloc(arena, ((size_t)words->count + 1) * sizeof *numbers);
    struct kept kept;
    if (!numbers)
        return false;
    for (uint32_t i = 0; i < words->count; i++)
        numbers[i] = number_of[words->items[i]];
    if (!renumber(arena, numbers, words->count, &kept))
        return false;
    struct kw_view *some = kw_arena_alloc(arena, ((size_t)kept.count + 1) * sizeof *some);
    if (!some)
        return false;
    for (uint32_t i = 0; i < kept.count; i++)
        some[i] = views[kept.items[i]];
    *new_of = numbers;
    *new_views = some;
    *new_count = kept.count;
    return true;
}

static bool fill(struct kw_narrow *narrow, const struct kw_batch *batch,
                 const struct kw_batch_words *vocabulary)
{
    struct kw_arena *arena = &narrow->arena;
    struct kw_batch_words *own = &narrow->vocabulary;
    uint32_t languages = vocabulary->language_count;
    uint32_t *words = kw_arena_alloc(arena, (batch->count + 1) * sizeof *words);
    struct kw_stem_table *tables = kw_arena_alloc(arena, languages * sizeof *tables);
    struct kept kept;
    if (!words || !tables)
        return false;
    if (batch->count)
        memcpy(words, batch->words.items, batch->count * sizeof *words);
    narrow->batch = *batch;
    narrow->batch.words = (struct kw_room){.items = words};
    *own = *vocabulary;
    own->languages = tables;
    if (!renumber(arena, words, batch->count, &kept) ||
        !map(arena, &kept, vocabulary->surface_of, vocabulary->surfaces, &own->surface_of,
             &own->surfaces, &own->surface_count))
        return false;
    own->word_count = kept.count;
    for (uint32_t i = 0; i < languages; i++) {
        const struct kw_stem_table *table = &vocabulary->languages[i];
        tables[i] = *table;
        if (table->stem_of && !map(arena, &kept, table->stem_of, table->stems, &tables[i].stem_of,
                                   &tables[i].stems, &tables[i].stem_count))
            return false;
    }
    return true;
}

enum kw_status kw_narrow_init(struct kw_narrow *narrow, const struct kw_batch *batch,
                              const struct kw_batch_words *vocabulary, struct kw_error *error)
{
    *narrow = (struct kw_narrow){.arena = KW_ARENA_INIT};
    if (fill(narrow, batch, vocabulary))
        return KW_OK;
    kw_narrow_release(narrow);
    return kw_fail_memory(error);
}

void kw_narrow_release(struct kw_narrow *narrow)
{
    kw_arena_release(&narrow->arena);
    *narrow = (struct kw_narrow){.arena = KW_ARENA_INIT};
}
