/* The clauses of a query by themselves: how many documents each of them finds. */
#include "lib/clauses.h"

#include "lib/status.h"

#include <stdlib.h>

/* Adds the clauses in `node`, which is a part of a group that `required` and `negated` hold for if
 * it is a clause itself. */
static bool collect(struct kw_clauses *clauses, const struct kw_ast_node *node, bool required,
                    bool negated, bool all)
{
    if (node->kind != KW_AST_GROUP) {
        if (!kw_grow(clauses, clauses->count + 1))
            return false;
        clauses->items[clauses->count++] = (struct kw_clause){node, required, negated};
        return true;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        const struct kw_ast_node *child = node->children[i];
        bool narrows = node->juxtaposed && child->kind == KW_AST_FILTER;
        bool needed = child->occur != KW_SHOULD || narrows || (all && node->juxtaposed);
        if (!collect(clauses, child, needed, negated || child->occur == KW_MUST_NOT, all))
            return false;
    }
    return true;
}

enum kw_status kw_clauses_collect(struct kwic_results *results, struct kw_error *error)
{
    struct kw_clauses *clauses = &results->clauses;
    const struct kw_ast_node *root = results->ast.root;
    if (clauses->count || !root || collect(clauses, root, true, false, results->options.all))
        return KW_OK;
    clauses->count = 0;
    return kw_fail_memory(error);
}

void kw_clauses_release(struct kwic_results *results)
{
    free(results->clauses.items);
    free(results->missing.items);
    kw_arena_release(&results->missing.arena);
}

enum kw_status kw_clause_plan(struct kwic_results *results, const struct kw_clause *clause,
                              struct kw_plan *plan, struct kw_error *error)
{
    const struct kwic_search_options *options = &results->options;
    struct kw_ast_node node = *clause->node;
    struct kw_ast_node *children[] = {&node};
    struct kw_ast_node root = {
        .kind = KW_AST_GROUP, .occur = KW_MUST, .boost = 1, .children = children, .child_count = 1};
    struct kw_ast ast = {.root = &root, .clauses = 1};
    struct kw_plan_options planning = {.language = results->language};
    node.occur = clause->required ? KW_MUST : KW_SHOULD;
    node.clause = 0;
    enum kw_status status = kw_plan_init(plan, &ast, results->index->analyzer, &planning, error);
    if (status == KW_OK)
        status = kw_index_expand(results->index, plan, (uint32_t)options->max_expansions, error);
    return status;
}

enum kw_status kw_clause_count(const struct kwic_results *results, const struct kw_plan *plan,
                               uint64_t *documents, struct kw_error *error)
{
    struct kwic_index *index = results->index;
    const struct kw_parameters parameters = kw_results_parameters(results);
    struct kw_statistics statistics;
    struct kw_top top;
    *documents = 0;
    if (!plan->root)
        return KW_OK;
    enum kw_status status = kw_statistics_init(&statistics, plan, &parameters, error);
    if (status != KW_OK)
        return status;
    status = kw_top_init(&top, 0, false, kw_index_order, index, error);
    if (status == KW_OK)
        status = kw_index_search(index, plan, &statistics, &top, documents, NULL, error);
    kw_top_release(&top);
    kw_statistics_release(&statistics);
    return status;
}

/* Clause `number` of a query. */
static enum kw_status query_clause(struct kwic_results *results, size_t number,
                                   struct kwic_clause *clause, struct kw_error *error)
{
    struct kw_plan plan = KW_PLAN_INIT;
    enum kw_status status = kw_clauses_collect(results, error);
    if (status != KW_OK || number >= results->clauses.count)
        return status == KW_OK ? KW_END : status;
    const struct kw_clause *found = &results->clauses.items[number];
    *clause =
        (struct kwic_clause){.text = kw_text_of(found->node->written), .negated = found->negated};
    status = kw_clause_plan(results, found, &plan, error);
    if (status == KW_OK)
        status = kw_clause_count(results, &plan, &clause->documents, error);
    kw_plan_release(&plan);
    return status;
}

enum kwic_status kwic_results_clause(struct kwic_results *results, size_t number,
                                     struct kwic_clause *clause, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status = KW_END;
    if (!results->leaves_out) {
        status = query_clause(results, number, clause, &inner);
    } else if (number < results->plan.leaf_count) {
        *clause = (struct kwic_clause){
            .text = kw_text_of(results->plan.leaves[number].surface),
            .documents = results->statistics.leaves[number].frequencies[0],
        };
        status = KW_OK;
    }
    return kw_publish(status, &inner, error);
}
