/* Gathers one field's tokens and inverts them by a counting sort. */
#include "index/batch.h"

#include <stdlib.h>

void kw_batch_release(struct kw_batch *batch)
{
    free(batch->name);
    free(batch->words.items);
    free(batch->positions.items);
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
    if (!kw_grow(&batch->words, batch->count + count) ||
        !kw_grow(&batch->positions, batch->count + count))
        return kw_fail_memory(error);
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

/* One pass of the counting sort over the occurrences that count: with `out` NULL it counts each
 * key's in starts[key + 2], else it puts each at starts[key + 1]. */
static void pass(const struct kw_batch *batch, const uint32_t *key_of, int64_t language,
                 uint64_t *starts, struct kw_inverted *out)
{
    size_t at = 0;
    for (size_t r = 0; r < batch->run_count; r++) {
        const struct kw_run *run = &batch->runs.items[r];
        bool wanted = language == KW_ANY_LANGUAGE || run->language == language;
        for (; at < run->end && wanted; at++) {
            uint32_t key = key_of[batch->words.items[at]];
            if (key == UINT32_MAX)
                continue;
            if (!out) {
                starts[(size_t)key + 2]++;
                continue;
            }
            uint64_t place = starts[(size_t)key + 1]++;
            out->documents[place] = run->document;
            out->positions[place] = batch->positions.items[at];
        }
        at = run->end;
    }
}

enum kw_status kw_invert(struct kw_inverted *inverted, const struct kw_batch *batch,
                         const uint32_t *key_of, uint32_t key_count, int64_t language,
                         struct kw_error *error)
{
    *inverted = (struct kw_inverted){0};
    /* Two more than the keys: starts[k+2] counts, so that after the sum starts[k+1] is where k's
     * next occurrence goes, and at the end starts[k] is where k begins. */
    uint64_t *starts = inverted->starts = calloc((size_t)key_count + 2, sizeof *starts);
    if (!starts)
        return kw_fail_memory(error);
    pass(batch, key_of, language, starts, NULL);
    for (size_t key = 2; key < (size_t)key_count + 2; key++)
        starts[key] += starts[key - 1];
    uint64_t total = starts[key_count + 1];
    inverted->documents = malloc((total + 1) * sizeof *inverted->documents);
    inverted->positions = malloc((total + 1) * sizeof *inverted->positions);
    if (!inverted->documents || !inverted->positions) {
        kw_inverted_release(inverted);
        return kw_fail_memory(error);
    }
    pass(batch, key_of, language, starts, inverted);
    return KW_OK;
}

void kw_inverted_release(struct kw_inverted *inverted)
{
    free(inverted->starts);
    free(inverted->documents);
    free(inverted->positions);
    *inverted = (struct kw_inverted){0};
}

enum kw_status kw_inverted_list(struct kw_inverted *inverted, uint32_t key,
                                struct kw_list_builder *builder, uint32_t *count,
                                const uint32_t **positions, struct kw_error *error)
{
    uint64_t from = inverted->starts[key];
    uint64_t to = inverted->starts[key + 1];
    uint64_t kept = from;
    uint32_t listed = 0;
    for (uint64_t i = from; i < to; i++) {
        uint32_t document = inverted->documents[i];
        bool same = listed && builder->documents.items[listed - 1] == document;
        if (same && inverted->positions[kept - 1] == inverted->positions[i])
            continue;
        if (!same) {
            if (!kw_grow(&builder->documents, (size_t)listed + 1) ||
                !kw_grow(&builder->frequencies, (size_t)listed + 1))
                return kw_fail_memory(error);
            builder->documents.items[listed] = document;
            builder->frequencies.items[listed++] = 0;
        }
        builder->frequencies.items[listed - 1]++;
        inverted->positions[kept++] = inverted->positions[i];
    }
    *count = listed;
    *positions = inverted->positions + from;
    return KW_OK;
}

void kw_list_builder_release(struct kw_list_builder *builder)
{
    free(builder->documents.items);
    free(builder->frequencies.items);
    *builder = (struct kw_list_builder){0};
}
