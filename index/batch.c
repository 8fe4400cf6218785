/* Gathers one field's tokens and inverts them by a counting sort. */
#include "index/batch.h"

#include "base/wide.h"

#include <stdlib.h>

void kw_batch_release(struct kw_batch *batch)
{
    free(batch->name);
    kw_room_release(&batch->words);
    kw_room_release(&batch->positions);
    free(batch->runs.items);
    *batch = (struct kw_batch){0};
}

/* The last position of the tokens that `document` has so far, 0 if it has none. */
static uint32_t last_position(const struct kw_batch *batch, uint32_t document)
{
    size_t at = batch->run_count;
    uint64_t start = at > 1 ? batch->runs.items[at - 2].end : 0;
    if (!at || batch->runs.items[at - 1].document != document || batch->count == start)
        return 0;
    return batch->positions.items[batch->count - 1];
}

enum kw_status kw_batch_add(struct kw_batch *batch, uint32_t document, uint32_t language,
                            const uint32_t *words, const uint32_t *positions, size_t count,
                            uint32_t base, uint32_t length, struct kw_error *error)
{
    struct kw_run *run = batch->run_count ? &batch->runs.items[batch->run_count - 1] : NULL;
    if (count && base + positions[0] < last_position(batch, document))
        return kw_fail(error, KW_E_USAGE, "positions of field '%s' fall", batch->name);
    enum kw_status status = kw_room_grow(&batch->words, batch->count + count, batch->place, error);
    if (status == KW_OK)
        status = kw_room_grow(&batch->positions, batch->count + count, batch->place, error);
    if (status != KW_OK)
        return status;
    if (!run || run->document != document) {
        if (!kw_grow(&batch->runs, batch->run_count + 1))
            return kw_fail_memory(error);
        run = &batch->runs.items[batch->run_count++];
        *run = (struct kw_run){.document = document, .language = language};
    }
    if (count)
        memcpy(batch->words.items + batch->count, words, count * sizeof *words);
    for (size_t i = 0; i < count; i++)
        batch->positions.items[batch->count + i] = base + positions[i];
    batch->count += count;
    run->end = batch->count;
    run->length += length;
    return KW_OK;
}

void kw_batch_count(const struct kw_batch *batch, int64_t language, uint64_t *counts)
{
    size_t at = 0;
    for (size_t r = 0; r < batch->run_count; r++) {
        const struct kw_run *run = &batch->runs.items[r];
        if (language == KW_ANY_LANGUAGE || run->language == language)
            for (; at < run->end; at++)
                counts[batch->words.items[at]]++;
        at = run->end;
    }
}

/* Puts each occurrence that counts at starts[key + 1]. */
static void put_all(const struct kw_batch *batch, const uint32_t *key_of, int64_t language,
                    uint64_t *starts, struct kw_occurrence *items)
{
    size_t at = 0;
    for (size_t r = 0; r < batch->run_count; r++) {
        const struct kw_run *run = &batch->runs.items[r];
        bool wanted = language == KW_ANY_LANGUAGE || run->language == language;
        for (; at < run->end && wanted; at++) {
            uint32_t key = key_of[batch->words.items[at]];
            if (key == UINT32_MAX)
                continue;
            items[starts[(size_t)key + 1]++] =
                (struct kw_occurrence){run->document, batch->positions.items[at]};
        }
        at = run->end;
    }
}

/* Makes room for `count` occurrences, in place of what was there. Each takes as much as a number in
 * two arrays. */
static enum kw_status make_room(struct kw_inverted *inverted, uint64_t count,
                                const struct kw_room_place *place, struct kw_error *error)
{
    struct kw_room_place both = {place ? place->file : NULL,
                                 place && place->most < SIZE_MAX / 2 ? place->most * 2 : SIZE_MAX};
    enum kw_status status = KW_OK;
    if ((count + 1) * 2 > inverted->room.capacity) {
        kw_room_release(&inverted->room); /* nothing of it need be moved */
        status = kw_room_grow(&inverted->room, (size_t)(count + 1) * 2, &both, error);
    }
    inverted->items = (struct kw_occurrence *)inverted->room.items;
    return status;
}

enum kw_status kw_invert(struct kw_inverted *inverted, const struct kw_batch *batch,
                         const struct kw_sort_keys *keys, int64_t language, struct kw_error *error)
{
    size_t end = (size_t)keys->key_count + 2;
    free(inverted->starts);
    /* Two more than the keys: starts[k+2] counts, so that after the sum starts[k+1] is where k's
     * next occurrence goes, and at the end starts[k] is where k begins. */
    uint64_t *starts = inverted->starts = kw_wide_calloc(end, sizeof *starts);
    if (!starts)
        return kw_fail_memory(error);
    for (uint32_t word = 0; word < keys->word_count; word++)
        if (keys->key_of[word] != UINT32_MAX)
            starts[(size_t)keys->key_of[word] + 2] += keys->counts[word];
    for (size_t key = 2; key < end; key++)
        starts[key] += starts[key - 1];
    enum kw_status status = make_room(inverted, starts[end - 1], batch->place, error);
    if (status != KW_OK)
        return status;
    put_all(batch, keys->key_of, language, starts, inverted->items);
    return KW_OK;
}

void kw_inverted_release(struct kw_inverted *inverted)
{
    free(inverted->starts);
    kw_room_release(&inverted->room);
    *inverted = (struct kw_inverted){0};
}

enum kw_status kw_inverted_list(const struct kw_inverted *inverted, uint32_t key,
                                struct kw_list_builder *builder, uint32_t *count,
                                struct kw_error *error)
{
    const struct kw_occurrence *items = inverted->items + inverted->starts[key];
    size_t all = (size_t)(inverted->starts[key + 1] - inverted->starts[key]);
    if (!kw_grow(&builder->documents, all + 1) || !kw_grow(&builder->frequencies, all + 1) ||
        !kw_grow(&builder->positions, all + 1))
        return kw_fail_memory(error);
    uint32_t *documents = builder->documents.items;
    uint32_t *frequencies = builder->frequencies.items;
    uint32_t *positions = builder->positions.items;
    struct kw_occurrence last = {UINT32_MAX, 0}; /* which is no document's number */
    uint32_t listed = 0;
    uint32_t frequency = 0;
    for (size_t i = 0; i < all; i++) { /* no branch: whether a document ends cannot be foreseen */
        bool other = items[i].document != last.document;
        bool repeated = !other & (items[i].position == last.position);
        last = items[i];
        listed += other;
        frequency = (other ? 0 : frequency) + !repeated;
        documents[listed - 1] = last.document;
        frequencies[listed - 1] = frequency;
        *positions = last.position;
        positions += !repeated;
    }
    *count = listed;
    return KW_OK;
}

void kw_list_builder_release(struct kw_list_builder *builder)
{
    free(builder->documents.items);
    free(builder->frequencies.items);
    free(builder->positions.items);
    *builder = (struct kw_list_builder){0};
}
