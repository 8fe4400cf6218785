/* Adds up the postings of an expansion's terms, and gathers who holds them and where. */
#include "rank/union.h"

#include <stdlib.h>

static void free_lists(struct kw_union_lists *lists)
{
    free(lists->starts);
    free(lists->items);
    *lists = (struct kw_union_lists){NULL, NULL};
}

static void free_union(struct kw_union *made)
{
    if (!made)
        return;
    free(made->terms.items);
    free(made->documents);
    free(made->frequencies);
    free(made->held);
    free_lists(&made->holders);
    free_lists(&made->positions);
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

/* Finds those of the expansion's terms that the segment holds; they are sorted, and so is the
 * lexicon. */
static enum kw_status find_terms(struct kw_union *made, const struct kw_expansion *expansion,
                                 struct kw_error *error)
{
    struct kw_lexicon_cursor cursor = {.segment = made->segment};
    struct kw_bytes key = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < expansion->term_count && status == KW_OK; i++) {
        kw_key_surface(&key, expansion->field, expansion->terms[i].bytes);
        status = kw_bytes_status(&key, error);
        if (status == KW_OK)
            status = i ? kw_lexicon_cursor_seek(&cursor, kw_bytes_view(&key), error)
                       : kw_lexicon_cursor_init(&cursor, made->segment, kw_bytes_view(&key), error);
        if (status == KW_OK)
            status = kw_lexicon_cursor_next_key(&cursor, error);
        if (status != KW_OK || !kw_view_equal(kw_bytes_view(&cursor.key), kw_bytes_view(&key)))
            continue;
        status = kw_lexicon_cursor_term(&cursor, error);
        if (status != KW_OK)
            break;
        if (kw_grow(&made->terms, made->terms.count + 1))
            made->terms.items[made->terms.count++] = cursor.term;
        else
            status = kw_fail_memory(error);
    }
    kw_lexicon_cursor_release(&cursor);
    kw_bytes_release(&key);
    return status == KW_END ? KW_OK : status;
}

/* By document of the segment. */
struct sums {
    uint32_t frequency;
    uint32_t held;
};

static void add_postings(struct kw_union *made, const struct kw_term *term, struct sums *sums)
{
    struct kw_pages *pages = &made->segment->pages;
    struct kw_postings postings;
    kw_postings_init(&postings, made->segment, term);
    while (kw_postings_next(&postings) != KW_NO_DOCUMENT) {
        struct sums *sum = &sums[postings.document];
        sum->held++;
        if (__builtin_add_overflow(sum->frequency, kw_postings_frequency(&postings),
                                   &sum->frequency))
            kw_pages_damage(pages, made->segment->postings, 0, "frequencies make no sense");
    }
    kw_postings_release(&postings);
}

/* Adds up for all documents of the segment, and keeps those that have any. */
static enum kw_status add_up(struct kw_union *made, struct kw_error *error)
{
    uint32_t documents = made->segment->documents;
    struct sums *sums = calloc(documents + UINT64_C(1), sizeof *sums);
    size_t count = 0;
    if (!sums)
        return kw_fail_memory(error);
    for (size_t i = 0; i < made->terms.count; i++)
        add_postings(made, &made->terms.items[i], sums);
    enum kw_status status = kw_segment_status(made->segment, error);
    for (uint32_t i = 0; i < documents; i++)
        count += sums[i].held > 0;
    made->documents = malloc((count + 1) * sizeof *made->documents);
    made->frequencies = malloc((count + 1) * sizeof *made->frequencies);
    made->held = malloc((count + 1) * sizeof *made->held);
    if (status == KW_OK && !(made->documents && made->frequencies && made->held))
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < documents && status == KW_OK; i++) {
        if (sums[i].held == 0)
            continue;
        made->documents[made->count] = i;
        made->frequencies[made->count] = sums[i].frequency;
        made->held[made->count++] = sums[i].held;
    }
    free(sums);
    return status;
}

/* Appends one posting's part to the list of its document, which begins or goes on at `to`; how many
 * numbers that are. */
static enum kw_status fill(struct kw_postings *postings, uint32_t term, bool positions,
                           uint32_t *to, uint32_t *added, struct kw_error *error)
{
    const uint32_t *found;
    *added = positions ? kw_postings_frequency(postings) : 1;
    if (!positions) {
        *to = term;
        return KW_OK;
    }
    enum kw_status status = kw_postings_positions(postings, &found, error);
    if (status == KW_OK)
        memcpy(to, found, *added * sizeof *to);
    return status;
}

/* Fills lists that are laid out; `next` says by document of the segment where its list goes on. */
static enum kw_status fill_lists(struct kw_union *made, struct kw_union_lists *lists,
                                 bool positions, uint64_t *next, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < made->terms.count && status == KW_OK; i++) {
        struct kw_postings postings;
        kw_postings_init(&postings, made->segment, &made->terms.items[i]);
        while (status == KW_OK && kw_postings_next(&postings) != KW_NO_DOCUMENT) {
            uint64_t *at = &next[postings.document];
            uint32_t added = 0;
            status = fill(&postings, (uint32_t)i, positions, lists->items + *at, &added, error);
            *at += added;
        }
        kw_postings_release(&postings);
    }
    return status == KW_OK ? kw_segment_status(made->segment, error) : status;
}

/* Makes the lists of holders, or of positions: sizes[i] numbers for document i of the union. */
static enum kw_status make_lists(struct kw_union *made, struct kw_union_lists *lists,
                                 const uint32_t *sizes, bool positions, struct kw_error *error)
{
    uint64_t *next = malloc((made->segment->documents + UINT64_C(1)) * sizeof *next);
    uint64_t *starts = malloc(((size_t)made->count + 1) * sizeof *starts);
    enum kw_status status = KW_OK;
    uint64_t total = 0;
    for (uint32_t i = 0; next && starts && i < made->count; i++) {
        next[made->documents[i]] = starts[i] = total;
        total += sizes[i];
    }
    lists->items = malloc((total + 1) * sizeof *lists->items);
    if (!next || !starts || !lists->items) {
        status = kw_fail_memory(error);
        goto done;
    }
    starts[made->count] = total;
    status = fill_lists(made, lists, positions, next, error);
done:
    free(next);
    lists->starts = starts;
    if (status != KW_OK)
        free_lists(lists);
    return status;
}

/* Adds a term's positions in one document. */
static enum kw_status add_term(struct kw_union *all, const struct kw_term *term, uint32_t document,
                               struct kw_spans *spans, struct kw_error *error)
{
    struct kw_postings postings;
    const uint32_t *positions;
    enum kw_status status = KW_OK;
    kw_postings_init(&postings, all->segment, term);
    if (kw_postings_advance(&postings, document) == document)
        status = kw_postings_positions(&postings, &positions, error);
    if (status == KW_OK && postings.document == document)
        status = kw_spans_add_positions(spans, positions, kw_postings_frequency(&postings), error);
    kw_postings_release(&postings);
    return status;
}

enum kw_status kw_union_spans(struct kw_union *all, uint32_t place, bool many,
                              struct kw_spans *spans, struct kw_error *error)
{
    struct kw_union_lists *lists = many ? &all->positions : &all->holders;
    enum kw_status status = KW_OK;
    spans->count = 0;
    if (!lists->starts)
        status = make_lists(all, lists, many ? all->frequencies : all->held, many, error);
    if (status != KW_OK)
        return status;
    uint64_t from = lists->starts[place], to = lists->starts[place + 1];
    if (many)
        status = kw_spans_add_positions(spans, lists->items + from, to - from, error);
    for (uint64_t i = from; !many && i < to && status == KW_OK; i++)
        status =
            add_term(all, &all->terms.items[lists->items[i]], all->documents[place], spans, error);
    kw_spans_sort(spans);
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
                              const struct kw_plan *plan, uint32_t number, struct kw_union **out,
                              struct kw_error *error)
{
    struct kw_union **slot = find_slot(unions, segment, plan, number);
    *out = NULL;
    if (!slot)
        return kw_fail_memory(error);
    if (!*slot) {
        struct kw_union *made = calloc(1, sizeof *made);
        if (!made)
            return kw_fail_memory(error);
        made->segment = segment;
        enum kw_status status = find_terms(made, &plan->expansions[number], error);
        if (status == KW_OK)
            status = add_up(made, error);
        if (status != KW_OK) {
            free_union(made);
            return status;
        }
        *slot = made;
    }
    *out = *slot;
    return KW_OK;
}
