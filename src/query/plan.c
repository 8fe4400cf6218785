/* The planner: makes leaves of a tree's words, tidies the groups on the way up, and writes what is
 * left as the plan. */
#include "query/plan.h"

#include "query/additions.h"
#include "query/planner.h"

#include <stdlib.h>

static enum kw_status add_pending(struct kw_planner *p, struct kw_draft *draft)
{
    if (!draft || !kw_grow(&p->pending, p->pending.count + 1))
        return kw_fail_memory(p->error);
    p->pending.items[p->pending.count++] = draft;
    return KW_OK;
}

/* Makes *out of what is pending since `mark`: NULL if that is nothing; the one child itself, unless
 * it is negated, for then the group means all documents without it; else a group. */
static enum kw_status close_group(struct kw_planner *p, size_t mark, struct kw_draft **out)
{
    *out = NULL;
    size_t count = p->pending.count - mark;
    if (count == 0)
        return KW_OK;
    struct kw_draft **children = p->pending.items + mark;
    enum kw_status status = kw_draft_merge(children, &count, p->error);
    if (status != KW_OK)
        return status;
    p->pending.count = mark;
    if (count == 1 && children[0]->occur != KW_MUST_NOT) {
        *out = children[0];
        return KW_OK;
    }
    struct kw_draft *group = kw_arena_alloc(&p->scratch, sizeof *group);
    struct kw_draft **copy = kw_arena_alloc(&p->scratch, count * sizeof(struct kw_draft *));
    if (!group || !copy)
        return kw_fail_memory(p->error);
    memcpy(copy, children, count * sizeof(struct kw_draft *));
    group->kind = KW_PLAN_GROUP;
    group->filters = true;
    for (size_t i = 0; i < count; i++)
        group->filters = group->filters && children[i]->filters;
    group->children = copy;
    group->child_count = (uint32_t)count;
    *out = group;
    return KW_OK;
}

/* A leaf with the product of the boosts around it. */
static struct kw_draft *new_draft(struct kw_planner *p, const struct kw_leaf *leaf, double boost)
{
    struct kw_draft *draft = kw_arena_alloc(&p->scratch, sizeof *draft);
    if (!draft)
        return NULL;
    draft->kind = KW_PLAN_LEAF;
    draft->leaf = *leaf;
    draft->filters = leaf->kind == KW_LEAF_FILTER;
    boost *= leaf->boost;
    draft->leaf.boost = boost < KW_BOOST_PRODUCT_LEAST  ? KW_BOOST_PRODUCT_LEAST
                        : boost > KW_BOOST_PRODUCT_MOST ? KW_BOOST_PRODUCT_MOST
                                                        : boost;
    return draft;
}

/* What a node of the tree is to the group that it is planned in. */
struct place {
    enum kw_occur occur;
    bool juxtaposed; /* without a sign, side by side with others */
    double boost;    /* the product of those around */
};

/* Adds a part to the group at hand. */
static enum kw_status add_part(struct kw_planner *p, struct kw_draft *draft, struct place place)
{
    if (!draft)
        return kw_fail_memory(p->error);
    draft->lifted = draft->filters && place.juxtaposed;
    draft->occur = draft->lifted ? KW_MUST : place.occur;
    return add_pending(p, draft);
}

/* Adds what a word, phrase, NEAR or filter asks for. The words of an optional bare one join the
 * group one by one, so that they merge with their equals there; alternatives, and the readings of a
 * phrase, are a group of their own. */
static enum kw_status plan_leaf(struct kw_planner *p, const struct kw_ast_node *node,
                                struct place place)
{
    size_t first = p->leaves.count;
    bool optional = place.occur == KW_SHOULD;
    double boost = place.boost * node->boost;
    enum kw_status status = kw_planner_leaves(p, node, optional);
    size_t count = p->leaves.count - first;
    p->leaves.count = first;
    if (status != KW_OK || count == 0)
        return status;
    bool readings = node->kind == KW_AST_PHRASE || node->kind == KW_AST_EXACT;
    if (count == 1 || (optional && !readings)) {
        for (size_t i = first; i < first + count && status == KW_OK; i++)
            status = add_part(p, new_draft(p, &p->leaves.items[i], boost), place);
        return status;
    }
    size_t mark = p->pending.count;
    struct place within = {KW_SHOULD, false, boost};
    struct kw_draft *group;
    for (size_t i = first; i < first + count && status == KW_OK; i++)
        status = add_part(p, new_draft(p, &p->leaves.items[i], boost), within);
    if (status == KW_OK)
        status = close_group(p, mark, &group);
    return status == KW_OK ? add_part(p, group, place) : status;
}

/* Adds `node` to the group at hand, unless there is nothing in it. */
static enum kw_status plan_node(struct kw_planner *p, const struct kw_ast_node *node,
                                struct place place)
{
    if (node->kind != KW_AST_GROUP)
        return plan_leaf(p, node, place);
    size_t mark = p->pending.count;
    struct kw_draft *group;
    for (uint32_t i = 0; i < node->child_count; i++) {
        const struct kw_ast_node *child = node->children[i];
        struct place within = {child->occur, node->juxtaposed && child->occur == KW_SHOULD,
                               place.boost * node->boost};
        if (p->options->all && within.juxtaposed)
            within.occur = KW_MUST;
        enum kw_status status = plan_node(p, child, within);
        if (status != KW_OK)
            return status;
    }
    enum kw_status status = close_group(p, mark, &group);
    return status == KW_OK && group ? add_part(p, group, place) : status;
}

/* The number of leaves of `draft`. */
static uint32_t count_leaves(const struct kw_draft *draft)
{
    uint32_t count = draft->kind == KW_PLAN_LEAF;
    for (uint32_t i = 0; i < draft->child_count; i++)
        count += count_leaves(draft->children[i]);
    return count;
}

/* The SHOULD children of a group, and how many of them must match unless asked otherwise: one,
 * where nothing else must. */
static uint32_t count_optional(const struct kw_draft *group, uint32_t *fewest)
{
    uint32_t optional = 0;
    bool must = false;
    for (uint32_t i = 0; i < group->child_count; i++) {
        const struct kw_draft *child = group->children[i];
        optional += child->occur == KW_SHOULD;
        must = must || (child->occur == KW_MUST && !child->lifted);
    }
    *fewest = optional && !must ? 1 : 0;
    return optional;
}

/* How many SHOULD children of the outermost group must match. */
static uint32_t ask_minimum(const struct kw_draft *root, const struct kw_minimum *asked)
{
    uint32_t fewest;
    uint32_t optional = count_optional(root, &fewest);
    uint64_t wanted = asked->parts;
    if (!asked->parts && asked->percent) {
        wanted = (uint64_t)optional * asked->percent / 100;
        wanted = wanted ? wanted : 1;
    }
    if (wanted > optional)
        wanted = optional;
    return wanted > fewest ? (uint32_t)wanted : fewest;
}

/* Writes `draft` to *node and its leaves, in order, to `leaves`, which has room for all. */
static enum kw_status write_node(struct kw_plan *plan, const struct kw_draft *draft, bool negated,
                                 struct kw_leaf *leaves, struct kw_plan_node *node,
                                 struct kw_error *error)
{
    node->kind = draft->kind;
    node->occur = draft->occur;
    negated = negated || draft->occur == KW_MUST_NOT;
    if (draft->kind == KW_PLAN_LEAF) {
        node->leaf = plan->leaf_count++;
        leaves[node->leaf] = draft->leaf;
        leaves[node->leaf].negated = negated;
        return KW_OK;
    }
    uint32_t count = draft->child_count;
    struct kw_plan_node *children = kw_arena_alloc(&plan->arena, count * sizeof *children);
    node->children = kw_arena_alloc(&plan->arena, count * sizeof(struct kw_plan_node *));
    if (!children || !node->children)
        return kw_fail_memory(error);
    node->child_count = count;
    count_optional(draft, &node->minimum);
    for (uint32_t i = 0; i < count; i++) {
        node->children[i] = &children[i];
        enum kw_status status =
            write_node(plan, draft->children[i], negated, leaves, &children[i], error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

static enum kw_status write_plan(struct kw_plan *plan, const struct kw_planner *p,
                                 struct kw_draft *root)
{
    size_t count = p->expansions.count;
    struct kw_leaf *leaves = kw_arena_alloc(&plan->arena, count_leaves(root) * sizeof *leaves);
    struct kw_plan_node *node = kw_arena_alloc(&plan->arena, sizeof *node);
    plan->expansions = kw_arena_alloc(&plan->arena, count * sizeof *plan->expansions);
    if (!leaves || !node || !plan->expansions)
        return kw_fail_memory(p->error);
    if (count)
        memcpy(plan->expansions, p->expansions.items, count * sizeof *plan->expansions);
    plan->expansion_count = (uint32_t)count;
    root->occur = KW_MUST;
    plan->leaves = leaves;
    plan->root = node;
    enum kw_status status = write_node(plan, root, false, leaves, node, p->error);
    if (node->kind == KW_PLAN_GROUP)
        node->minimum = ask_minimum(root, &p->options->minimum);
    return status == KW_OK ? kw_leaves_limit(leaves, plan->leaf_count, p->error) : status;
}

static enum kw_status make_plan(struct kw_planner *p, struct kw_plan *plan,
                                const struct kw_ast *ast)
{
    enum kw_status status = kw_planner_choose_languages(p);
    if (status == KW_OK)
        status = kw_planner_analyse(p, ast->root);
    if (status != KW_OK)
        return status;
    struct place place = {KW_MUST, false, 1};
    status = plan_node(p, ast->root, place);
    if (status != KW_OK || p->pending.count == 0)
        return status;
    status = write_plan(plan, p, p->pending.items[0]);
    return status == KW_OK ? kw_plan_add(plan, &p->options->additions, p->error) : status;
}

enum kw_status kw_plan_init(struct kw_plan *plan, const struct kw_ast *ast,
                            struct kw_analyzer *analyzer, const struct kw_plan_options *options,
                            struct kw_error *error)
{
    static const struct kw_plan_options defaults;
    enum kw_status status = KW_OK;
    *plan = (struct kw_plan)KW_PLAN_INIT;
    struct kw_planner p = {.analyzer = analyzer,
                           .arena = &plan->arena,
                           .scratch = KW_ARENA_INIT,
                           .options = options ? options : &defaults,
                           .error = error};
    kw_analyzer_clear(analyzer);
    if (ast->root)
        status = make_plan(&p, plan, ast);
    kw_analyzer_clear(analyzer);
    free(p.tokens.items);
    free(p.pieces.items);
    free(p.held.items);
    free(p.leaves.items);
    free(p.expansions.items);
    free(p.pending.items);
    kw_arena_release(&p.scratch);
    if (status != KW_OK)
        kw_plan_release(plan);
    else
        plan->clause_count = ast->clauses;
    return status;
}

enum kw_status kw_plan_expand(struct kw_plan *plan, uint32_t expansion, const struct kw_view *terms,
                              uint32_t count, struct kw_error *error)
{
    struct kw_expansion *filled = &plan->expansions[expansion];
    struct kw_query_term *copies = kw_arena_alloc(&plan->arena, count * sizeof *copies);
    if (!copies)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        copies[i].field = filled->field;
        copies[i].bytes = kw_arena_copy(&plan->arena, terms[i]);
        if (!copies[i].bytes.data)
            return kw_fail_memory(error);
    }
    filled->terms = copies;
    filled->term_count = count;
    return KW_OK;
}

void kw_plan_release(struct kw_plan *plan)
{
    kw_arena_release(&plan->arena);
    *plan = (struct kw_plan)KW_PLAN_INIT;
}
