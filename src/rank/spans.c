/* Lists of spans. */
#include "rank/spans.h"

#include <stdlib.h>

enum kw_status kw_spans_add(struct kw_spans *spans, uint32_t start, uint32_t end, uint32_t term,
                            struct kw_error *error)
{
    if (!kw_grow(spans, spans->count + 1))
        return kw_fail_memory(error);
    spans->items[spans->count++] = (struct kw_span){start, end, term};
    return KW_OK;
}

enum kw_status kw_spans_add_positions(struct kw_spans *spans, const uint32_t *positions,
                                      size_t count, struct kw_error *error)
{
    if (!kw_grow(spans, spans->count + count))
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        spans->items[spans->count++] = (struct kw_span){positions[i], positions[i], 0};
    return KW_OK;
}

static int compare(const void *a, const void *b)
{
    return kw_span_compare(a, b);
}

void kw_spans_sort(struct kw_spans *spans)
{
    bool rising = true;
    size_t kept = 0;
    for (size_t i = 1; i < spans->count && rising; i++)
        rising = kw_span_compare(&spans->items[i - 1], &spans->items[i]) < 0;
    if (rising)
        return;
    qsort(spans->items, spans->count, sizeof *spans->items, compare);
    for (size_t i = 1; i < spans->count; i++)
        if (kw_span_compare(&spans->items[kept], &spans->items[i]) != 0)
            spans->items[++kept] = spans->items[i];
    spans->count = kept + 1;
}

void kw_spans_release(struct kw_spans *spans)
{
    free(spans->items);
    *spans = (struct kw_spans)KW_SPANS_INIT;
}
