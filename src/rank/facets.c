/* Counts by code within a segment, and by value over all of them. */
#include "rank/facets.h"

#include <stdlib.h>

enum {
    FAR = 64,      /* keywords apart: a look-up is cheaper than a walk */
    FEW_BITS = 16, /* of codes, so that they are counted in an array */
};

enum kw_status kw_facets_init(struct kw_facets *facets, const struct kw_view *fields, size_t count,
                              struct kw_error *error)
{
    *facets = (struct kw_facets){.count = count, .arena = KW_ARENA_INIT};
    facets->items = calloc(count + 1, sizeof *facets->items);
    if (!facets->items) {
        facets->count = 0;
        return kw_fail_memory(error);
    }
    for (size_t i = 0; i < count; i++)
        facets->items[i].field = fields[i];
    return KW_OK;
}

void kw_facets_release(struct kw_facets *facets)
{
    for (size_t i = 0; i < facets->count; i++) {
        free(facets->items[i].items);
        free(facets->items[i].documents);
        free(facets->items[i].codes.items);
    }
    free(facets->items);
    kw_arena_release(&facets->arena);
    *facets = (struct kw_facets){.items = NULL};
}

/* Makes ready to count a column by code: all keywords, and few different numbers. */
static enum kw_status make_counts(struct kw_facet *facet, struct kw_error *error)
{
    const struct kw_column *column = &facet->column;
    facet->code_count = 0;
    facet->code_limit = 0;
    if (column->type == KW_TYPE_KEYWORD)
        facet->code_limit = column->distinct;
    else if (column->code_bits <= FEW_BITS)
        facet->code_limit = UINT64_C(1) << column->code_bits;
    free(facet->documents);
    facet->documents = NULL;
    if (!facet->code_limit)
        return KW_OK;
    facet->documents = calloc(facet->code_limit, sizeof *facet->documents);
    return facet->documents ? KW_OK : kw_fail_memory(error);
}

enum kw_status kw_facets_begin(struct kw_facets *facets, struct kw_segment *segment,
                               struct kw_error *error)
{
    facets->segment = segment;
    for (size_t i = 0; i < facets->count; i++) {
        struct kw_facet *facet = &facets->items[i];
        enum kw_status status =
            kw_segment_find_column(segment, facet->field, &facet->column, error);
        facet->has_column = status == KW_OK;
        if (status == KW_E_NOT_FOUND)
            continue;
        if (status == KW_OK)
            status = make_counts(facet, error);
        if (status != KW_OK)
            return status;
        kw_values_init(&facet->values, segment, &facet->column);
    }
    return KW_OK;
}

enum kw_status kw_facets_count(struct kw_facets *facets, uint32_t document, struct kw_error *error)
{
    for (size_t i = 0; i < facets->count; i++) {
        struct kw_facet *facet = &facets->items[i];
        if (!facet->has_column || kw_values_advance(&facet->values, document) != document)
            continue;
        for (uint32_t k = 0; k < facet->values.count; k++) {
            uint64_t code = kw_values_code(&facet->values, k);
            if (code < facet->code_limit) {
                facet->documents[code]++;
                continue;
            }
            if (!kw_grow(&facet->codes, facet->code_count + 1))
                return kw_fail_memory(error);
            facet->codes.items[facet->code_count++] = code;
        }
    }
    return KW_OK;
}

static enum kw_status add_value(struct kw_facet *facet, struct kw_facet_value value,
                                struct kw_error *error)
{
    if (!kw_grow(facet, facet->count + 1))
        return kw_fail_memory(error);
    facet->items[facet->count++] = value;
    return KW_OK;
}

/* Adds the keywords that were met, in one walk through the dictionary. */
static enum kw_status add_keywords(struct kw_facets *facets, struct kw_facet *facet,
                                   struct kw_error *error)
{
    struct kw_keywords keywords;
    uint64_t distinct = facet->column.distinct;
    enum kw_status status = kw_keywords_init(&keywords, facets->segment, &facet->column, 0, error);
    for (uint64_t code = 0; code < distinct && status == KW_OK; code++) {
        if (!facet->documents[code])
            continue;
        if (code - keywords.next > FAR) {
            kw_keywords_release(&keywords);
            status = kw_keywords_init(&keywords, facets->segment, &facet->column, code, error);
        }
        while (status == KW_OK && keywords.next <= code)
            status = kw_keywords_next(&keywords, error);
        if (status != KW_OK)
            break;
        struct kw_facet_value value = {.type = KW_TYPE_KEYWORD,
                                       .documents = facet->documents[code]};
        value.word = kw_arena_copy(&facets->arena, kw_bytes_view(&keywords.keyword));
        status = value.word.data ? add_value(facet, value, error) : kw_fail_memory(error);
    }
    kw_keywords_release(&keywords);
    return status;
}

static int compare_codes(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static enum kw_status add_key(struct kw_facet *facet, uint64_t code, uint64_t documents,
                              struct kw_error *error)
{
    struct kw_facet_value value = {.type = facet->column.type, .documents = documents};
    value.key = kw_column_key(&facet->column, code);
    return add_value(facet, value, error);
}

/* Adds the numbers or dates that were met, rising. */
static enum kw_status add_keys(struct kw_facet *facet, struct kw_error *error)
{
    uint64_t *codes = facet->codes.items;
    enum kw_status status = KW_OK;
    for (uint64_t code = 0; code < facet->code_limit && status == KW_OK; code++)
        if (facet->documents[code])
            status = add_key(facet, code, facet->documents[code], error);
    if (facet->code_count)
        qsort(codes, facet->code_count, sizeof *codes, compare_codes);
    for (size_t from = 0, to; from < facet->code_count && status == KW_OK; from = to) {
        for (to = from + 1; to < facet->code_count; to++)
            if (codes[to] != codes[from])
                break;
        status = add_key(facet, codes[from], to - from, error);
    }
    return status;
}

enum kw_status kw_facets_end(struct kw_facets *facets, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < facets->count && status == KW_OK; i++) {
        struct kw_facet *facet = &facets->items[i];
        if (facet->has_column)
            status = facet->column.type == KW_TYPE_KEYWORD ? add_keywords(facets, facet, error)
                                                           : add_keys(facet, error);
    }
    return status == KW_OK ? kw_segment_status(facets->segment, error) : status;
}

static int compare_values(const void *left, const void *right)
{
    const struct kw_facet_value *a = left;
    const struct kw_facet_value *b = right;
    int order = kw_type_compare(a->type, b->type);
    if (order)
        return order;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return kw_view_compare(a->word, b->word);
}

static int compare_counts(const void *left, const void *right)
{
    const struct kw_facet_value *a = left;
    const struct kw_facet_value *b = right;
    if (a->documents != b->documents)
        return a->documents > b->documents ? -1 : 1;
    return compare_values(left, right);
}

/* Makes one of equal values; *facet is sorted by them afterwards. */
static void unite_values(struct kw_facet *facet)
{
    size_t kept = 0;
    bool rising = true;
    for (size_t i = 1; i < facet->count && rising; i++)
        rising = compare_values(&facet->items[i - 1], &facet->items[i]) < 0;
    if (rising) /* as those of one segment are */
        return;
    qsort(facet->items, facet->count, sizeof *facet->items, compare_values);
    for (size_t i = 1; i < facet->count; i++) {
        if (compare_values(&facet->items[kept], &facet->items[i]) == 0)
            facet->items[kept].documents += facet->items[i].documents;
        else
            facet->items[++kept] = facet->items[i];
    }
    facet->count = kept + 1;
}

void kw_facets_finish(struct kw_facets *facets, size_t limit)
{
    for (size_t i = 0; i < facets->count; i++) {
        struct kw_facet *facet = &facets->items[i];
        unite_values(facet);
        facet->distinct = facet->count;
        if (facet->count)
            qsort(facet->items, facet->count, sizeof *facet->items, compare_counts);
        if (limit && facet->count > limit)
            facet->count = limit;
    }
}
