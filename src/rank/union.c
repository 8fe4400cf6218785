/* Adds up the postings of an expansion's terms, and gathers their positions. */
#include "rank/union.h"

#include "index/postings.h"

#include <stdlib.h>

static void free_union(struct kw_union *made)
{
    if (!made)
        return;
    free(made->documents);
    free(made->frequencies);
    free(made->starts);
    free(made->positions);
    free(made);
}

void kw_unions_release(struct kw_unions *unions)
{
    for (size_t i = 0; i < unions->count; i++) {
        for (uint32_t j = 0; j < unions->segments[i].count; j++)
            free_union(unions->segments[i].items[j]);
        free(unions->segments[i].items);
    }
    free(unions->segments);
    *unions = (struct kw_unions){.segments = NULL};
}

/* What is done with a term of the expansion that the segment holds. */
typedef enum kw_status term_visitor(struct kw_postings *postings, void *context,
                                    struct kw_error *error);

/* Goes through those of the expansion's terms that the segment holds; they are sorted, and so is
 * the lexicon. */
static enum kw_status visit_terms(struct kw_segment *segment, const struct kw_expansion *expansion,
                                  term_visitor *visit, void *context, struct kw_error *error)
{
    struct kw_lexicon_cursor cursor = {.segment = segment};
    struct kw_bytes key = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < expansion->term_count && status == KW_OK; i++) {
        kw_key_surface(&key, expansion->field, expansion->terms[i].bytes);
        status = kw_bytes_status(&key, error);
        if (status == KW_OK)
            status = i ? kw_lexicon_cursor_seek(&cursor, kw_bytes_view(&key), error)
                       : kw_lexicon_cursor_init(&cursor, segment, kw_bytes_view(&key), error);
        if (status == KW_OK)
            status = kw_lexicon_cursor_next(&cursor, error);
        if (status == KW_OK && kw_view_equal(kw_bytes_view(&cursor.key), kw_bytes_view(&key))) {
            struct kw_postings postings;
            kw_postings_init(&postings, segment, &cursor.term);
            status = visit(&postings, context, error);
            kw_postings_release(&postings);
        }
    }
    kw_lexicon_cursor_release(&cursor);
    kw_bytes_release(&key);
    return status == KW_END ? KW_OK : status;
}

static enum kw_status add_frequencies(struct kw_postings *postings, void *context,
                                      struct kw_error *error)
{
    struct kw_segment *segment = postings->segment;
    uint32_t *frequencies = context;
    while (kw_postings_next(postings) != KW_NO_DOCUMENT)
        if (__builtin_add_overflow(frequencies[postings->document], postings->frequency,
                                   &frequencies[postings->document]))
            kw_pages_damage(&segment->pages, segment->postings, 0, "frequencies make no sense");
    return kw_segment_status(segment, error);
}

/* Adds up frequencies for all documents of the segment and keeps those that have any. */
static enum kw_status add_up(struct kw_union *made, struct kw_segment *segment,
                             const struct kw_expansion *expansion, struct kw_error *error)
{
    uint32_t *all = calloc(segment->documents + UINT64_C(1), sizeof *all);
    if (!all)
        return kw_fail_memory(error);
    enum kw_status status = visit_terms(segment, expansion, add_frequencies, all, error);
    size_t count = 0;
    for (uint32_t i = 0; i < segment->documents; i++)
        count += all[i] > 0;
    made->documents = malloc((count + 1) * sizeof *made->documents);
    made->frequencies = malloc((count + 1) * sizeof *made->frequencies);
    if (status == KW_OK && !(made->documents && made->frequencies))
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < segment->documents && status == KW_OK; i++) {
        if (all[i] == 0)
            continue;
        made->documents[made->count] = i;
        made->frequencies[made->count++] = all[i];
    }
    free(all);
    return status == KW_OK ? kw_segment_status(segment, error) : status;
}

/* Where the next positions of each document go: by document of the segment. */
struct filling {
    struct kw_union *made;
    uint64_t *next;
};

static enum kw_status add_positions(struct kw_postings *postings, void *context,
                                    struct kw_error *error)
{
    struct filling *filling = context;
    while (kw_postings_next(postings) != KW_NO_DOCUMENT) {
        const uint32_t *positions;
        enum kw_status status = kw_postings_positions(postings, &positions, error);
        if (status != KW_OK)
            return status;
        uint64_t *next = &filling->next[postings->document];
        memcpy(filling->made->positions + *next, positions,
               postings->frequency * sizeof *positions);
        *next += postings->frequency;
    }
    return KW_OK;
}

/* Gathers the positions of all documents. */
static enum kw_status gather_positions(struct kw_union *made, struct kw_segment *segment,
                                       const struct kw_expansion *expansion, struct kw_error *error)
{
    struct filling filling = {made, malloc((segment->documents + UINT64_C(1)) * sizeof(uint64_t))};
    enum kw_status status = KW_OK;
    uint64_t total = 0;
    uint64_t *starts = malloc(((size_t)made->count + 1) * sizeof *starts);
    for (uint32_t i = 0; filling.next && starts && i < made->count; i++) {
        filling.next[made->documents[i]] = starts[i] = total;
        total += made->frequencies[i];
    }
    made->positions = malloc((total + 1) * sizeof *made->positions);
    if (!filling.next || !starts || !made->positions) {
        status = kw_fail_memory(error);
        goto done;
    }
    starts[made->count] = total;
    status = visit_terms(segment, expansion, add_positions, &filling, error);
    if (status == KW_OK)
        status = kw_segment_status(segment, error);
done:
    free(filling.next);
    if (status == KW_OK) {
        made->starts = starts;
    } else {
        free(starts);
        free(made->positions);
        made->positions = NULL;
    }
    return status;
}

/* The place where the union is kept; NULL when memory runs out. */
static struct kw_union **find_slot(struct kw_unions *unions, const struct kw_segment *segment,
                                   const struct kw_plan *plan, uint32_t number)
{
    size_t i = 0;
    while (i < unions->count && unions->segments[i].segment != segment)
        i++;
    if (i == unions->count) {
        struct kw_union **items = calloc(plan->expansion_count, sizeof(struct kw_union *));
        if (!items || (unions->count == unions->capacity &&
                       !kw_grow_raw(&unions->segments, &unions->capacity, unions->count + 1,
                                    sizeof *unions->segments))) {
            free(items);
            return NULL;
        }
        unions->segments[i].segment = segment;
        unions->segments[i].items = items;
        unions->segments[i].count = plan->expansion_count;
        unions->count++;
    }
    return &unions->segments[i].items[number];
}

enum kw_status kw_unions_find(struct kw_unions *unions, struct kw_segment *segment,
                              const struct kw_plan *plan, uint32_t number, bool positions,
                              const struct kw_union **out, struct kw_error *error)
{
    const struct kw_expansion *expansion = &plan->expansions[number];
    struct kw_union **slot = find_slot(unions, segment, plan, number);
    enum kw_status status = KW_OK;
    *out = NULL;
    if (!slot)
        return kw_fail_memory(error);
    if (!*slot) {
        struct kw_union *made = calloc(1, sizeof *made);
        if (!made)
            return kw_fail_memory(error);
        status = add_up(made, segment, expansion, error);
        if (status != KW_OK) {
            free_union(made);
            return status;
        }
        *slot = made;
    }
    if (positions && !(*slot)->starts)
        status = gather_positions(*slot, segment, expansion, error);
    if (status == KW_OK)
        *out = *slot;
    return status;
}
