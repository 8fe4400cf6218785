/* Spans: stretches of positions at which a leaf, or an operand of a NEAR, matches in a document. */
#ifndef KW_RANK_SPANS_H
#define KW_RANK_SPANS_H

#include "base/bytes.h"

/* Positions start..end, both included. */
struct kw_span {
    uint32_t start;
    uint32_t end;
    uint32_t term; /* a phrase: which of its terms stands at `end`; else 0 */
};

struct kw_spans {
    struct kw_span *items; /* once sorted: by start, then end, then term, without repeats */
    size_t count;
    size_t capacity;
};

#define KW_SPANS_INIT                                                                              \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

enum kw_status kw_spans_add(struct kw_spans *spans, uint32_t start, uint32_t end, uint32_t term,
                            struct kw_error *error);
/* Adds a span of one position for each of `count` positions. */
enum kw_status kw_spans_add_positions(struct kw_spans *spans, const uint32_t *positions,
                                      size_t count, struct kw_error *error);
/* Sorts, and drops repeats; quickly what is sorted already. */
void kw_spans_sort(struct kw_spans *spans);
void kw_spans_release(struct kw_spans *spans);

/* Orders spans as they are sorted: < 0, 0, > 0. */
static inline int kw_span_compare(const struct kw_span *a, const struct kw_span *b)
{
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (a->term > b->term) - (a->term < b->term);
}

#endif
