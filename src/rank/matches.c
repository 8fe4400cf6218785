/* Where a query's leaves stand in one document, for passages and highlights. */
#include "rank/matches.h"

#include "rank/cursor.h"
#include "rank/term.h"

#include <stdlib.h>

enum kw_status kw_matches_add(struct kw_matches *matches, struct kw_match match,
                              struct kw_error *error)
{
    if (!kw_grow(matches, matches->count + 1))
        return kw_fail_memory(error);
    matches->items[matches->count++] = match;
    return KW_OK;
}

enum kw_status kw_matches_mark(struct kw_matches *matches, struct kw_mark mark,
                               struct kw_error *error)
{
    if (!kw_grow(&matches->marks, matches->marks.count + 1))
        return kw_fail_memory(error);
    matches->marks.items[matches->marks.count++] = mark;
    return KW_OK;
}

static int compare_matches(const void *a, const void *b)
{
    const struct kw_match *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    if (left->span != right->span)
        return left->span > right->span ? -1 : 1;
    return (left->leaf > right->leaf) - (left->leaf < right->leaf);
}

static int compare_marks(const void *a, const void *b)
{
    const struct kw_mark *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return (left->last < right->last) - (left->last > right->last);
}

void kw_matches_sort(struct kw_matches *matches)
{
    size_t kept = 0;
    if (matches->marks.count)
        qsort(matches->marks.items, matches->marks.count, sizeof *matches->marks.items,
              compare_marks);
    if (matches->count == 0)
        return;
    qsort(matches->items, matches->count, sizeof *matches->items, compare_matches);
    for (size_t i = 1; i < matches->count; i++)
        if (compare_matches(&matches->items[kept], &matches->items[i]) != 0)
            matches->items[++kept] = matches->items[i];
    matches->count = kept + 1;
}

void kw_matches_clear(struct kw_matches *matches)
{
    matches->count = 0;
    matches->marks.count = 0;
}

void kw_matches_release(struct kw_matches *matches)
{
    free(matches->items);
    free(matches->marks.items);
    *matches = (struct kw_matches)KW_MATCHES_INIT;
}

/* A document to look into, and where its matches go. */
struct look {
    struct kw_evaluation *evaluation;
    uint32_t document;
    bool title_searched;
    struct kw_spans spans;
    struct kw_matches *matches;
};

/* Whether the leaf's positions are those of the text. */
static bool is_shown(const struct look *look, const struct kw_leaf *leaf)
{
    struct kw_view field = kw_leaf_field(look->evaluation->plan, leaf);
    return field.size == 0 || (look->title_searched && kw_view_equal(field, kw_view_of("title")));
}

/* Appends where a leaf or addition matches in the document, if it does: from its cursor. */
static enum kw_status add_matches(struct look *look, struct kw_cursor *cursor, uint32_t number,
                                  bool marked, struct kw_error *error)
{
    if (cursor->ops->advance(cursor, look->document) != look->document)
        return KW_OK;
    enum kw_status status = cursor->ops->spans(cursor, &look->spans, error);
    for (size_t i = 0; i < look->spans.count && status == KW_OK; i++) {
        const struct kw_span *span = &look->spans.items[i];
        struct kw_match match = {span->start, span->end - span->start + 1, number};
        status = kw_matches_add(look->matches, match, error);
        if (status == KW_OK && marked)
            status = cursor->ops->mark(cursor, span, look->matches, error);
    }
    return status;
}

/* A leaf that contributes: its cursor stands on the document. */
static enum kw_status add_leaf(struct look *look, uint32_t number, struct kw_error *error)
{
    struct kw_evaluation *evaluation = look->evaluation;
    if (!is_shown(look, &evaluation->plan->leaves[number]))
        return KW_OK;
    return add_matches(look, evaluation->leaves[number], number, true, error);
}

static enum kw_status add_addition(struct look *look, uint32_t number, struct kw_error *error)
{
    struct kw_evaluation *evaluation = look->evaluation;
    const struct kw_plan *plan = evaluation->plan;
    const struct kw_leaf *leaf = &plan->additions[number].leaf;
    struct kw_cursor *cursor = NULL;
    if (!is_shown(look, leaf))
        return KW_OK;
    number += plan->leaf_count;
    enum kw_status status = kw_leaf_cursor_new(&cursor, evaluation, leaf, number, error);
    if (status == KW_OK)
        status = add_matches(look, cursor, number, false, error);
    kw_cursors_release(&cursor, 1);
    return status;
}

enum kw_status kw_rank_matches(struct kw_segment *segment, uint32_t document,
                               const struct kw_plan *plan, struct kw_unions *unions,
                               struct kw_term_memo *memo, struct kw_matches *matches,
                               struct kw_error *error)
{
    struct kw_evaluation evaluation;
    struct kw_record record;
    struct look look = {&evaluation, document, false, KW_SPANS_INIT, matches};
    if (!plan->root)
        return KW_OK;
    enum kw_status status = kw_evaluation_init(&evaluation, segment, plan, unions, memo, error);
    if (status != KW_OK)
        goto done;
    evaluation.single = true;
    struct kw_contributions contributions = kw_evaluation_contributions(&evaluation);
    struct kw_cursor *root = evaluation.root;
    status = contributions.items ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_segment_record(segment, document, &record, error);
    if (status != KW_OK)
        goto done;
    look.title_searched = record.title_searched;
    if (root->ops->advance(root, document) == (int64_t)document)
        root->ops->collect(root, &contributions);
    for (uint32_t i = 0; i < contributions.count && status == KW_OK; i++)
        status = add_leaf(&look, contributions.items[i].leaf, error);
    for (uint32_t i = 0; contributions.count && i < plan->addition_count && status == KW_OK; i++)
        if (plan->additions[i].kind == KW_ADD_CHARACTER)
            status = add_addition(&look, i, error);
    kw_matches_sort(matches);
    if (status == KW_OK)
        status = kw_evaluation_status(&evaluation, error);
done:
    kw_spans_release(&look.spans);
    kw_evaluation_release(&evaluation);
    return status;
}
