/* The cursor of alternatives. */
#include "rank/any.h"

struct any_cursor {
    struct kw_cursor base;
    struct kw_cursor **operands;
    uint32_t count;
    struct kw_spans *lists; /* of the operands in the current document; empty where none matches */
};

static int64_t any_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct any_cursor *this = (struct any_cursor *)cursor;
    int64_t first = KW_NO_DOCUMENT;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    for (uint32_t i = 0; i < this->count; i++) {
        int64_t document = this->operands[i]->ops->advance(this->operands[i], target);
        if (document < first)
            first = document;
    }
    return cursor->document = first;
}

static int64_t any_next(struct kw_cursor *cursor)
{
    return any_advance(cursor, (uint32_t)(cursor->document + 1));
}

static void any_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    (void)cursor;
    (void)contributions;
}

static enum kw_status any_spans(struct kw_cursor *cursor, struct kw_spans *spans,
                                struct kw_error *error)
{
    struct any_cursor *this = (struct any_cursor *)cursor;
    enum kw_status status = KW_OK;
    spans->count = 0;
    for (uint32_t i = 0; i < this->count && status == KW_OK; i++) {
        struct kw_cursor *operand = this->operands[i];
        struct kw_spans *list = &this->lists[i];
        list->count = 0;
        if (operand->document != cursor->document)
            continue;
        status = operand->ops->spans(operand, list, error);
        for (size_t j = 0; j < list->count && status == KW_OK; j++)
            status = kw_spans_add(spans, list->items[j].start, list->items[j].end, 0, error);
    }
    kw_spans_sort(spans);
    return status;
}

/* The first span of the list from `start` to `end`; NULL if there is none. */
static const struct kw_span *find_span(const struct kw_spans *list, const struct kw_span *asked)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kw_span_compare(&list->items[middle], asked) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct kw_span *found = low < list->count ? &list->items[low] : NULL;
    return found && found->start == asked->start && found->end == asked->end ? found : NULL;
}

/* Marks the first alternative that matches there. */
static enum kw_status any_mark(struct kw_cursor *cursor, const struct kw_span *span,
                               struct kw_matches *matches, struct kw_error *error)
{
    struct any_cursor *this = (struct any_cursor *)cursor;
    for (uint32_t i = 0; i < this->count; i++) {
        const struct kw_span *found = find_span(&this->lists[i], span);
        if (found)
            return this->operands[i]->ops->mark(this->operands[i], found, matches, error);
    }
    return KW_OK;
}

static void any_release(struct kw_cursor *cursor)
{
    struct any_cursor *this = (struct any_cursor *)cursor;
    if (this->operands)
        kw_cursors_release(this->operands, this->count);
    for (uint32_t i = 0; this->lists && i < this->count; i++)
        kw_spans_release(&this->lists[i]);
}

static const struct kw_cursor_ops any_ops = {
    .next = any_next,
    .advance = any_advance,
    .collect = any_collect,
    .release = any_release,
    .spans = any_spans,
    .mark = any_mark,
};

enum kw_status kw_any_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                 const struct kw_leaf *leaf, uint32_t number,
                                 struct kw_error *error)
{
    struct any_cursor *cursor = kw_arena_alloc(&evaluation->arena, sizeof *cursor);
    *out = NULL;
    if (!cursor)
        return kw_fail_memory(error);
    cursor->base = (struct kw_cursor){.ops = &any_ops, .document = -1};
    cursor->count = leaf->operand_count;
    cursor->lists = kw_arena_alloc(&evaluation->arena, cursor->count * sizeof *cursor->lists);
    *out = &cursor->base;
    if (!cursor->lists)
        return kw_fail_memory(error);
    enum kw_status status =
        kw_operand_cursors_new(&cursor->operands, evaluation, leaf, number, error);
    for (uint32_t i = 0; i < cursor->count && status == KW_OK; i++)
        cursor->base.cost += cursor->operands[i]->cost;
    return status;
}
