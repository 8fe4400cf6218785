/* From a plan's tree to the tree of its cursors. */
#include "rank/cursor.h"

#include "rank/group.h"
#include "rank/phrase.h"
#include "rank/word.h"

static void release_all(struct kw_cursor **cursors, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (cursors[i])
            cursors[i]->ops->release(cursors[i]);
}

static enum kw_status cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                 const struct kw_plan_node *node, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (node->kind == KW_PLAN_LEAF) {
        bool phrase = evaluation->plan->leaves[node->leaf].kind == KW_LEAF_PHRASE;
        return phrase ? kw_phrase_cursor_new(out, evaluation, node->leaf, error)
                      : kw_word_cursor_new(out, evaluation, node->leaf, error);
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
        release_all(children, node->child_count);
    return status;
}

enum kw_status kw_evaluation_init(struct kw_evaluation *evaluation, struct kw_segment *segment,
                                  const struct kw_plan *plan, struct kw_error *error)
{
    *evaluation = (struct kw_evaluation){
        .segment = segment,
        .plan = plan,
        .arena = KW_ARENA_INIT,
        .error = KW_ERROR_INIT,
    };
    return cursor_new(&evaluation->root, evaluation, plan->root, error);
}

void kw_evaluation_release(struct kw_evaluation *evaluation)
{
    release_all(&evaluation->root, 1);
    kw_arena_release(&evaluation->arena);
    evaluation->root = NULL;
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
