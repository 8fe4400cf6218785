/* The cursor of an expansion. */
#include "rank/expansion.h"

struct expansion_cursor {
    struct kw_cursor base;
    struct kw_evaluation *evaluation;
    struct kw_union *all;
    uint32_t at; /* of the current document in it; count: the end */
};

static int64_t settle(struct expansion_cursor *this)
{
    bool ended = this->at >= this->all->count;
    return this->base.document = ended ? KW_NO_DOCUMENT : this->all->documents[this->at];
}

static int64_t expansion_next(struct kw_cursor *cursor)
{
    struct expansion_cursor *this = (struct expansion_cursor *)cursor;
    this->at += cursor->document >= 0;
    return settle(this);
}

/* By steps that double, then halve. */
static int64_t expansion_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct expansion_cursor *this = (struct expansion_cursor *)cursor;
    const uint32_t *documents = this->all->documents;
    uint32_t count = this->all->count, low = this->at, step = 1;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    while (step < count - low && documents[low + step] < target) {
        low += step;
        step *= 2;
    }
    uint32_t high = step < count - low ? low + step : count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (documents[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    this->at = low;
    return settle(this);
}

static void expansion_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    const struct expansion_cursor *this = (struct expansion_cursor *)cursor;
    contributions->items[contributions->count++] =
        (struct kw_contribution){cursor->number, this->all->frequencies[this->at]};
}

static enum kw_status expansion_spans(struct kw_cursor *cursor, struct kw_spans *spans,
                                      struct kw_error *error)
{
    const struct expansion_cursor *this = (struct expansion_cursor *)cursor;
    return kw_union_spans(this->all, this->at, !this->evaluation->single, spans, error);
}

static void expansion_release(struct kw_cursor *cursor)
{
    (void)cursor; /* the union is the search's */
}

static const struct kw_cursor_ops expansion_ops = {
    .next = expansion_next,
    .advance = expansion_advance,
    .collect = expansion_collect,
    .release = expansion_release,
    .spans = expansion_spans,
    .mark = kw_cursor_mark_whole,
};

enum kw_status kw_expansion_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                       const struct kw_leaf *leaf, struct kw_error *error)
{
    struct expansion_cursor *cursor = kw_arena_alloc(&evaluation->arena, sizeof *cursor);
    *out = NULL;
    if (!cursor)
        return kw_fail_memory(error);
    cursor->base = (struct kw_cursor){.ops = &expansion_ops, .document = -1};
    cursor->evaluation = evaluation;
    enum kw_status status = kw_unions_find(evaluation->unions, evaluation->segment,
                                           evaluation->plan, leaf->expansion, &cursor->all, error);
    if (status != KW_OK)
        return status;
    cursor->base.cost = cursor->all->count;
    *out = &cursor->base;
    return KW_OK;
}
