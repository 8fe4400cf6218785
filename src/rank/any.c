/* The cursor of alternatives. */
#include "rank/any.h"

#include "rank/crowd.h"

enum { AN_OPERAND = 60, A_SPAN = 16 }; /* steps of work to gather and to sort spans */

struct any_cursor {
    struct kw_cursor base;
    struct kw_evaluation *evaluation;
    struct kw_cursor **operands;
    uint32_t count;
    struct kw_crowd *crowd; /* of the operands */
    struct kw_spans *lists; /* of the operands, where spans were asked for last; empty where none
                               matches */
    uint32_t *matching;     /* the operands that match in it */
    uint32_t matching_count;
};

static int64_t any_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct any_cursor *this = (struct any_cursor *)cursor;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    return cursor->document = kw_crowd_advance(this->crowd, target);
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

/* Appends the spans of an operand that matches. */
static enum kw_status add_operand(struct any_cursor *this, uint32_t number, struct kw_spans *spans,
                                  struct kw_error *error)
{
    struct kw_cursor *operand = this->operands[number];
    struct kw_spans *list = &this->lists[number];
    this->matching[this->matching_count++] = number;
    enum kw_status status = operand->ops->spans(operand, list, error);
    for (size_t i = 0; i < list->count && status == KW_OK; i++)
        status = kw_spans_add(spans, list->items[i].start, list->items[i].end, 0, error);
    return status;
}

static enum kw_status any_spans(struct kw_cursor *cursor, struct kw_spans *spans,
                                struct kw_error *error)
{
    struct any_cursor *this = (struct any_cursor *)cursor;
    enum kw_status status = KW_OK;
    uint32_t next = 0, member;
    while (this->matching_count)
        this->lists[this->matching[--this->matching_count]].count = 0;
    spans->count = 0;
    while (status == KW_OK && kw_crowd_next(this->crowd, &next, &member))
        status = add_operand(this, member, spans, error);
    if (status == KW_OK)
        status = kw_work_spend(this->evaluation->work,
                               A_SPAN * spans->count + AN_OPERAND * (uint64_t)this->matching_count,
                               error);
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
    struct kw_arena *arena = &evaluation->arena;
    struct any_cursor *cursor = kw_arena_alloc(arena, sizeof *cursor);
    *out = NULL;
    if (!cursor)
        return kw_fail_memory(error);
    cursor->base = (struct kw_cursor){.ops = &any_ops, .document = -1};
    cursor->count = leaf->operand_count;
    cursor->evaluation = evaluation;
    cursor->lists = kw_arena_alloc(arena, cursor->count * sizeof *cursor->lists);
    cursor->matching = kw_arena_alloc(arena, cursor->count * sizeof *cursor->matching);
    *out = &cursor->base;
    if (!cursor->lists || !cursor->matching)
        return kw_fail_memory(error);
    enum kw_status status =
        kw_operand_cursors_new(&cursor->operands, evaluation, leaf, number, error);
    if (status != KW_OK)
        return status;
    for (uint32_t i = 0; i < cursor->count; i++)
        cursor->base.cost += cursor->operands[i]->cost;
    cursor->crowd = kw_crowd_new(arena, cursor->operands, cursor->count);
    return cursor->crowd ? KW_OK : kw_fail_memory(error);
}
