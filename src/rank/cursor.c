/* From a plan's tree to the tree of its cursors. */
#include "rank/cursor.h"

#include "rank/any.h"
#include "rank/expansion.h"
#include "rank/filter.h"
#include "rank/group.h"
#include "rank/near.h"
#include "rank/phrase.h"
#include "rank/word.h"

void kw_cursors_release(struct kw_cursor **cursors, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (cursors[i])
            cursors[i]->ops->release(cursors[i]);
}

enum kw_status kw_leaf_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                  const struct kw_leaf *leaf, uint32_t number,
                                  struct kw_error *error)
{
    enum kw_status status = KW_E_USAGE;
    *out = NULL;
    switch (leaf->kind) {
    case KW_LEAF_WORD:
        status = kw_word_cursor_new(out, evaluation, leaf, error);
        break;
    case KW_LEAF_PHRASE:
        status = kw_phrase_cursor_new(out, evaluation, leaf, error);
        break;
    case KW_LEAF_EXPANSION:
        status = kw_expansion_cursor_new(out, evaluation, leaf, error);
        break;
    case KW_LEAF_NEAR:
        status = kw_near_cursor_new(out, evaluation, leaf, number, error);
        break;
    case KW_LEAF_ANY:
        status = kw_any_cursor_new(out, evaluation, leaf, number, error);
        break;
    case KW_LEAF_FILTER:
        status = kw_filter_cursor_new(out, evaluation, leaf, error);
        break;
    }
    if (*out) {
        (*out)->leaf = leaf;
        (*out)->number = number;
    }
    return status;
}

enum kw_status kw_operand_cursors_new(struct kw_cursor ***out, struct kw_evaluation *evaluation,
                                      const struct kw_leaf *leaf, uint32_t number,
                                      struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct kw_cursor **cursors =
        kw_arena_alloc(&evaluation->arena, leaf->operand_count * sizeof(struct kw_cursor *));
    *out = cursors;
    if (!cursors)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < leaf->operand_count && status == KW_OK; i++)
        status = kw_leaf_cursor_new(&cursors[i], evaluation, &leaf->operands[i], number, error);
    return status;
}

static enum kw_status cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                 const struct kw_plan_node *node, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (node->kind == KW_PLAN_LEAF) {
        status = kw_leaf_cursor_new(out, evaluation, &evaluation->plan->leaves[node->leaf],
                                    node->leaf, error);
        evaluation->leaves[node->leaf] = *out;
        return status;
    }
    *out = NULL;
    struct kw_cursor **children =
        kw_arena_alloc(&evaluation->arena, node->child_count * sizeof(struct kw_cursor *));
    if (!children)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < node->child_count && status == KW_OK; i++)
        status = cursor_new(&children[i], evaluation, node->children[i], error);
    if (status == KW_OK)
        status = kw_group_cursor_new(out, evaluation, node, children, error);
    if (!*out)
        kw_cursors_release(children, node->child_count);
    return status;
}

enum kw_status kw_evaluation_init(struct kw_evaluation *evaluation, struct kw_segment *segment,
                                  const struct kw_plan *plan, struct kw_unions *unions,
                                  struct kw_term_memo *memo, struct kw_error *error)
{
    *evaluation = (struct kw_evaluation){
        .segment = segment,
        .plan = plan,
        .unions = unions,
        .memo = memo,
        .arena = KW_ARENA_INIT,
        .error = KW_ERROR_INIT,
    };
    if (!plan->root)
        return KW_OK;
    evaluation->leaves =
        kw_arena_alloc(&evaluation->arena, plan->leaf_count * sizeof(struct kw_cursor *));
    if (!evaluation->leaves)
        return kw_fail_memory(error);
    return cursor_new(&evaluation->root, evaluation, plan->root, error);
}

void kw_evaluation_release(struct kw_evaluation *evaluation)
{
    kw_cursors_release(&evaluation->root, 1);
    kw_arena_release(&evaluation->arena);
    evaluation->root = NULL;
}

bool kw_evaluation_spend(struct kw_evaluation *evaluation, uint64_t steps)
{
    enum kw_status status = kw_work_spend(evaluation->work, steps, &evaluation->error);
    if (status != KW_OK && evaluation->status == KW_OK)
        evaluation->status = status;
    return status == KW_OK;
}

enum kw_status kw_evaluation_status(const struct kw_evaluation *evaluation, struct kw_error *error)
{
    if (evaluation->status == KW_OK)
        return kw_segment_status(evaluation->segment, error);
    if (error)
        *error = evaluation->error;
    return evaluation->status;
}

struct kw_contributions kw_evaluation_contributions(struct kw_evaluation *evaluation)
{
    size_t size = evaluation->plan->leaf_count * sizeof(struct kw_contribution);
    return (struct kw_contributions){kw_arena_alloc(&evaluation->arena, size), 0};
}

enum kw_status kw_cursor_mark_whole(struct kw_cursor *cursor, const struct kw_span *span,
                                    struct kw_matches *matches, struct kw_error *error)
{
    struct kw_mark mark = {span->start, span->end, span->term, cursor->leaf};
    return kw_matches_mark(matches, mark, error);
}
