/* The cursor of a NEAR: documents in which all operands match, the rarest leading, then chains of
 * their spans. */
#include "rank/near.h"

#include "rank/chain.h"

#include <stdlib.h>

struct near_cursor {
    struct kw_cursor base;
    struct kw_evaluation *evaluation;
    struct kw_cursor **operands; /* in the order of the query */
    struct kw_cursor **order;    /* cheapest first */
    uint32_t count;
    bool ordered;
    struct kw_chain *chain;
    struct kw_spans *lists; /* of the operands, in the current document */
    struct kw_spans found;  /* matches in it */
    size_t *places;         /* scratch of mark: one an operand */
};

/* The first document ≥ `target` in which all operands match. */
static int64_t align(struct near_cursor *this, uint32_t target)
{
    uint32_t agreed = 0;
    uint64_t steps = 0;
    while (agreed < this->count && target != KW_NO_DOCUMENT) {
        struct kw_cursor *operand = this->order[agreed];
        int64_t document = operand->ops->advance(operand, target);
        agreed = document == (int64_t)target ? agreed + 1 : 0;
        target = (uint32_t)document;
        steps++;
    }
    return kw_evaluation_spend(this->evaluation, steps) ? target : KW_NO_DOCUMENT;
}

/* Steps of the search among the spans: each comes to half of the sets of operands, and is looked at
 * again for each operand where the match is marked. */
static uint64_t chain_steps(const struct near_cursor *this)
{
    uint64_t spans = 0;
    for (uint32_t i = 0; i < this->count; i++)
        spans += this->lists[i].count;
    return this->ordered ? spans : spans * (UINT64_C(1) << (this->count - 1)) * this->count / 2;
}

/* Finds the matches in the document on which all operands stand. */
static enum kw_status find_matches(struct near_cursor *this, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < this->count && status == KW_OK; i++)
        status = this->operands[i]->ops->spans(this->operands[i], &this->lists[i], error);
    if (status == KW_OK)
        status = kw_work_spend(this->evaluation->work, chain_steps(this), error);
    if (status == KW_OK)
        status = kw_chain_find(this->chain, this->lists, &this->found, error);
    return status;
}

static int64_t near_advance(struct kw_cursor *cursor, uint32_t target)
{
    struct near_cursor *this = (struct near_cursor *)cursor;
    struct kw_evaluation *evaluation = this->evaluation;
    if (cursor->document >= (int64_t)target)
        return cursor->document;
    for (;; target = (uint32_t)cursor->document + 1) {
        cursor->document = align(this, target);
        if (cursor->document == KW_NO_DOCUMENT)
            return cursor->document;
        if (evaluation->status == KW_OK)
            evaluation->status = find_matches(this, &evaluation->error);
        if (evaluation->status != KW_OK)
            return cursor->document = KW_NO_DOCUMENT;
        if (this->found.count)
            return cursor->document;
    }
}

static int64_t near_next(struct kw_cursor *cursor)
{
    return near_advance(cursor, (uint32_t)(cursor->document + 1));
}

static void near_collect(struct kw_cursor *cursor, struct kw_contributions *contributions)
{
    const struct near_cursor *this = (struct near_cursor *)cursor;
    contributions->items[contributions->count++] =
        (struct kw_contribution){cursor->number, (uint32_t)this->found.count};
}

static void near_count(struct kw_cursor *cursor, uint32_t *counts)
{
    const struct near_cursor *this = (struct near_cursor *)cursor;
    for (uint32_t i = 0; i < this->count; i++) {
        struct kw_contribution word;
        struct kw_contributions words = {&word, 0};
        this->operands[i]->ops->collect(this->operands[i], &words);
        counts[i] = word.frequency;
    }
}

static enum kw_status near_spans(struct kw_cursor *cursor, struct kw_spans *spans,
                                 struct kw_error *error)
{
    const struct near_cursor *this = (struct near_cursor *)cursor;
    spans->count = 0;
    if (!kw_grow(spans, this->found.count))
        return kw_fail_memory(error);
    if (this->found.count)
        memcpy(spans->items, this->found.items, this->found.count * sizeof *spans->items);
    spans->count = this->found.count;
    return KW_OK;
}

/* Marks the spans that the match takes, not what lies between them. */
static enum kw_status near_mark(struct kw_cursor *cursor, const struct kw_span *span,
                                struct kw_matches *matches, struct kw_error *error)
{
    struct near_cursor *this = (struct near_cursor *)cursor;
    enum kw_status status = kw_chain_choose(this->chain, this->lists, span, this->places, error);
    for (uint32_t i = 0; i < this->count && status == KW_OK; i++)
        status = this->operands[i]->ops->mark(
            this->operands[i], &this->lists[i].items[this->places[i]], matches, error);
    return status;
}

static void near_release(struct kw_cursor *cursor)
{
    struct near_cursor *this = (struct near_cursor *)cursor;
    if (this->operands)
        kw_cursors_release(this->operands, this->count);
    for (uint32_t i = 0; this->lists && i < this->count; i++)
        kw_spans_release(&this->lists[i]);
    kw_spans_release(&this->found);
    kw_chain_free(this->chain);
}

static const struct kw_cursor_ops near_ops = {
    .next = near_next,
    .advance = near_advance,
    .collect = near_collect,
    .release = near_release,
    .count = near_count,
    .spans = near_spans,
    .mark = near_mark,
};

static int compare_costs(const void *a, const void *b)
{
    const struct kw_cursor *left = *(struct kw_cursor *const *)a;
    const struct kw_cursor *right = *(struct kw_cursor *const *)b;
    return (left->cost > right->cost) - (left->cost < right->cost);
}

enum kw_status kw_near_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                  const struct kw_leaf *leaf, uint32_t number,
                                  struct kw_error *error)
{
    struct kw_chain_shape shape = {leaf->operand_count, leaf->ordered, leaf->distance};
    struct kw_arena *arena = &evaluation->arena;
    struct near_cursor *cursor = kw_arena_alloc(arena, sizeof *cursor);
    *out = NULL;
    if (!cursor)
        return kw_fail_memory(error);
    cursor->base = (struct kw_cursor){.ops = &near_ops, .document = -1};
    cursor->evaluation = evaluation;
    cursor->count = leaf->operand_count;
    cursor->ordered = leaf->ordered;
    *out = &cursor->base;
    if (!leaf->ordered && leaf->operand_count > KW_QUERY_OPERANDS)
        return kw_fail(error, KW_E_USAGE, "a NEAR has at most %d operands, not %u",
                       KW_QUERY_OPERANDS, leaf->operand_count);
    cursor->lists = kw_arena_alloc(arena, cursor->count * sizeof *cursor->lists);
    cursor->places = kw_arena_alloc(arena, cursor->count * sizeof *cursor->places);
    cursor->order = kw_arena_alloc(arena, cursor->count * sizeof(struct kw_cursor *));
    if (!cursor->lists || !cursor->places || !cursor->order)
        return kw_fail_memory(error);
    enum kw_status status = kw_chain_new(&cursor->chain, &shape, error);
    if (status == KW_OK)
        status = kw_operand_cursors_new(&cursor->operands, evaluation, leaf, number, error);
    if (status != KW_OK)
        return status;
    memcpy(cursor->order, cursor->operands, cursor->count * sizeof(struct kw_cursor *));
    qsort(cursor->order, cursor->count, sizeof(struct kw_cursor *), compare_costs);
    cursor->base.cost = cursor->order[0]->cost;
    return KW_OK;
}
