/* Plans that nobody typed: any of some words. */
#include "query/plan.h"

/* Fills the leaf of one word; its term lies in the plan's arena. */
static bool fill_leaf(struct kw_plan *plan, const struct kw_plan_word *word, uint32_t number,
                      struct kw_leaf *leaf)
{
    struct kw_query_term *term = kw_arena_alloc(&plan->arena, sizeof *term);
    if (!term)
        return false;
    term->language = kw_arena_copy(&plan->arena, word->language);
    term->bytes = kw_arena_copy(&plan->arena, word->bytes);
    *leaf = (struct kw_leaf){
        .kind = KW_LEAF_WORD,
        .terms = term,
        .term_count = 1,
        .span = 1,
        .surface = kw_arena_copy(&plan->arena, word->surface),
        .boost = 1,
        .repeats = word->repeats,
        .clause = number,
    };
    return term->language.data && term->bytes.data && leaf->surface.data;
}

/* Fills the plan, which is empty. False when memory runs out. */
static bool fill(struct kw_plan *plan, const struct kw_plan_word *words, uint32_t count)
{
    struct kw_arena *arena = &plan->arena;
    struct kw_leaf *leaves = kw_arena_alloc(arena, count * sizeof *leaves);
    struct kw_plan_node *root = kw_arena_alloc(arena, sizeof *root);
    struct kw_plan_node *nodes = kw_arena_alloc(arena, count * sizeof *nodes);
    const struct kw_plan_node **children =
        kw_arena_alloc(arena, count * sizeof(struct kw_plan_node *));
    if (!leaves || !root || !nodes || !children)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!fill_leaf(plan, &words[i], i, &leaves[i]))
            return false;
        nodes[i] = (struct kw_plan_node){.kind = KW_PLAN_LEAF, .occur = KW_SHOULD, .leaf = i};
        children[i] = &nodes[i];
    }
    *root = (struct kw_plan_node){
        .kind = KW_PLAN_GROUP, .occur = KW_MUST, .children = children, .child_count = count};
    plan->root = root;
    plan->leaves = leaves;
    plan->leaf_count = count;
    plan->clause_count = count;
    return true;
}

enum kw_status kw_plan_words(struct kw_plan *plan, const struct kw_plan_word *words, uint32_t count,
                             struct kw_error *error)
{
    *plan = (struct kw_plan)KW_PLAN_INIT;
    if (!count || fill(plan, words, count))
        return KW_OK;
    kw_plan_release(plan);
    return kw_fail_memory(error);
}
