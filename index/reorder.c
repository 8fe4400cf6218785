/* Gathers which words documents have, and has them put in order. */
#include "index/reorder.h"

#include "index/bisection.h"
#include "index/merge_parts.h"

#include <stdlib.h>

enum { RARE = 16, MOST_POSTINGS = 1 << 27, FREQUENCIES = 64 };

/* A walk over the words of the text in all sources. */
struct walk {
    struct kw_merge merge; /* of it only what numbers documents */
    struct kw_merge_heap heap;
    struct kw_lexicon_cursor *cursors;
    struct kw_bytes prefix;
    uint32_t least;                /* documents that a word has to stand in */
    uint64_t by_size[FREQUENCIES]; /* postings of words by the logarithm of their documents */
    uint64_t *starts;
    uint32_t *terms;
    uint32_t term_count;
};

/* Puts an input into the heap if its cursor stands on a word of the text. */
static enum kw_status push(struct walk *walk, uint32_t input, struct kw_error *error)
{
    struct kw_lexicon_cursor *cursor = &walk->cursors[input];
    enum kw_status status = kw_lexicon_cursor_next_key(cursor, error);
    if (status)
        return status == KW_END ? KW_OK : status;
    if (cursor->key.size >= walk->prefix.size &&
        memcmp(cursor->key.data, walk->prefix.data, walk->prefix.size) == 0)
        kw_merge_heap_add(&walk->heap, input, kw_bytes_view(&cursor->key));
    return KW_OK;
}

static void close_cursors(struct walk *walk)
{
    for (size_t i = 0; walk->cursors && i < walk->merge.count; i++)
        kw_lexicon_cursor_release(&walk->cursors[i]);
    free(walk->cursors);
    walk->cursors = NULL;
}

static enum kw_status open_cursors(struct walk *walk, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    close_cursors(walk);
    walk->heap.count = 0;
    walk->cursors = calloc(walk->merge.count + 1, sizeof *walk->cursors);
    if (!walk->cursors)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < walk->merge.count && !status; i++) {
        walk->cursors[i] = (struct kw_lexicon_cursor){.segment = walk->merge.inputs[i].segment};
        status = push(walk, i, error);
    }
    return status;
}

/* Documents of the group's word, deleted ones counted. */
static enum kw_status count_documents(struct walk *walk, uint64_t *documents,
                                      struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *documents = 0;
    for (uint32_t i = 0; i < walk->heap.group_count && !status; i++) {
        struct kw_lexicon_cursor *cursor = &walk->cursors[walk->heap.group[i]];
        status = kw_lexicon_cursor_entry(cursor, error);
        *documents += cursor->term.documents;
    }
    return status;
}

/* Walks the group's postings: counts them by document, or with `fill` notes the word. */
static enum kw_status walk_postings(struct walk *walk, bool fill, struct kw_error *error)
{
    for (uint32_t i = 0; i < walk->heap.group_count; i++) {
        const struct kw_merge_input *input = &walk->merge.inputs[walk->heap.group[i]];
        struct kw_postings cursor;
        kw_postings_init(&cursor, input->segment, &walk->cursors[walk->heap.group[i]].term);
        while (kw_postings_next(&cursor) != KW_NO_DOCUMENT) {
            uint32_t document = input->map[cursor.document];
            if (document == KW_NO_DOCUMENT)
                continue;
            if (fill)
                walk->terms[walk->starts[document + (size_t)1]++] = walk->term_count;
            else
                walk->starts[document + (size_t)2]++;
        }
        kw_postings_release(&cursor);
        enum kw_status status = kw_segment_status(input->segment, error);
        if (status)
            return status;
    }
    return KW_OK;
}

enum step { SIZES, COUNT, FILL };

/* Walks all words that count. */
static enum kw_status walk_words(struct walk *walk, enum step step, struct kw_error *error)
{
    enum kw_status status = open_cursors(walk, error);
    walk->term_count = 0;
    while (!status && kw_merge_heap_take(&walk->heap)) {
        uint64_t documents;
        status = count_documents(walk, &documents, error);
        if (!status && documents >= walk->least && documents <= walk->merge.documents / 2) {
            if (step == SIZES)
                walk->by_size[63 - __builtin_clzll(documents)] += documents;
            else
                status = walk_postings(walk, step == FILL, error);
            walk->term_count++;
        }
        for (uint32_t i = 0; i < walk->heap.group_count && !status; i++)
            status = push(walk, walk->heap.group[i], error);
    }
    return status;
}

/* Raises the least number of documents so far that the words fit. */
static void limit(struct walk *walk)
{
    uint64_t postings = 0;
    for (uint32_t i = FREQUENCIES; i-- > 0;) {
        postings += walk->by_size[i];
        if (postings > MOST_POSTINGS && walk->least < UINT64_C(2) << i) {
            walk->least = (uint32_t)(UINT64_C(2) << i);
            break;
        }
    }
}

/* Gathers the words by document. As in batch.c: starts[d + 2] counts, so that after the sum
 * starts[d + 1] is where the next word of d goes, and at the end starts[d] is where d begins. */
static enum kw_status gather(struct walk *walk, struct kw_error *error)
{
    size_t documents = walk->merge.documents;
    walk->starts = calloc(documents + 2, sizeof *walk->starts);
    if (!walk->starts)
        return kw_fail_memory(error);
    enum kw_status status = walk_words(walk, SIZES, error);
    if (status)
        return status;
    limit(walk);
    if ((status = walk_words(walk, COUNT, error)))
        return status;
    for (size_t i = 2; i < documents + 2; i++)
        walk->starts[i] += walk->starts[i - 1];
    walk->terms = malloc((walk->starts[documents + 1] + 1) * sizeof *walk->terms);
    if (!walk->terms)
        return kw_fail_memory(error);
    return walk_words(walk, FILL, error);
}

enum kw_status kw_reorder(const struct kw_merge_source *sources, size_t count, uint32_t iterations,
                          bool (*go_on)(void *context), void *context, uint32_t **order,
                          struct kw_error *error)
{
    struct walk walk = {.least = RARE};
    enum kw_status status = kw_merge_number(&walk.merge, sources, count, error);
    *order = NULL;
    if (!status)
        status = kw_merge_heap_init(&walk.heap, count, error);
    kw_key_surface(&walk.prefix, (struct kw_view){NULL, 0}, (struct kw_view){NULL, 0});
    if (!status)
        status = kw_bytes_status(&walk.prefix, error);
    if (!status)
        status = gather(&walk, error);
    if (!status) {
        *order = malloc(((size_t)walk.merge.documents + 1) * sizeof **order);
        status = *order ? KW_OK : kw_fail_memory(error);
    }
    if (!status) {
        struct kw_forward forward = {walk.merge.documents, walk.term_count, walk.starts,
                                     walk.terms};
        for (uint32_t i = 0; i < walk.merge.documents; i++)
            (*order)[i] = i;
        status = kw_bisect(&forward, iterations, *order, go_on, context, error);
    }
    if (status) {
        free(*order);
        *order = NULL;
    }
    close_cursors(&walk);
    kw_merge_heap_release(&walk.heap);
    kw_bytes_release(&walk.prefix);
    free(walk.starts);
    free(walk.terms);
    kw_merge_forget(&walk.merge);
    return status;
}
