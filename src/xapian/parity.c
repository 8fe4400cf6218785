/* From plans to Xapian's queries, weights and all. */
#include "xapian/parity.h"

#include "xapian/candidates.h"
#include "xapian/tree.h"

/* A NEAR, ordered or not, of two words of one term. */
static enum kw_status make_near(const struct kw_tree *tree, const struct kw_leaf *leaf,
                                struct xc_query *query, struct kw_error *error)
{
    const struct kw_query_term terms[] = {leaf->operands[0].terms[0], leaf->operands[1].terms[0]};
    return kw_xapian_join_terms(tree->xapian, query, leaf->ordered ? XC_OP_PHRASE : XC_OP_NEAR,
                                terms, 2, leaf->distance + 1, error);
}

static enum kw_status make_leaf(const struct kw_tree *tree, uint32_t number,
                                struct kw_tree_part *part, struct kw_error *error)
{
    const struct kw_leaf *leaf = &tree->plan->leaves[number];
    struct xc_query *query = part->query;
    enum kw_status status = KW_OK;
    if (leaf->kind == KW_LEAF_FILTER) {
        part->exact = false;
        return KW_OK;
    }
    if (leaf->kind == KW_LEAF_EXPANSION) {
        const struct kw_expansion *expansion = &tree->plan->expansions[leaf->expansion];
        status = kw_xapian_join_terms(tree->xapian, query, XC_OP_SYNONYM, expansion->terms,
                                      expansion->term_count, 0, error);
    } else if (leaf->kind == KW_LEAF_NEAR) {
        status = make_near(tree, leaf, query, error);
    } else {
        bool phrase = leaf->kind == KW_LEAF_PHRASE;
        status = kw_xapian_join_terms(tree->xapian, query, phrase ? XC_OP_PHRASE : XC_OP_SYNONYM,
                                      leaf->terms, leaf->term_count, phrase ? leaf->term_count : 0,
                                      error);
    }
    if (status == KW_OK && xc_query_set_scaled(query, query, leaf->boost * leaf->repeats) != XC_OK)
        status = kw_xapian_failed(tree->xapian, xc_query_error(query), error);
    return status;
}

/* Whether Xapian weighs the plan's synonyms by the estimates of kw_synonym_frequency: joined
 * databases make estimates of their own where there are more than two. */
static bool is_estimated(const struct kw_xapian *xapian, const struct kw_plan *plan)
{
    if (xc_database_shards(xapian->database) == 1)
        return true;
    for (uint32_t i = 0; i < plan->leaf_count; i++)
        if (kw_leaf_terms(plan, &plan->leaves[i]) > 2)
            return false;
    return true;
}

enum kw_status kw_xapian_parity_weighing(struct kw_xapian *xapian, const struct kw_plan *plan,
                                         const struct kw_statistics *statistics,
                                         struct kw_weighing *bounds, struct kw_error *error)
{
    static const struct kw_parameters given = KW_PARITY_PARAMETERS;
    const struct kw_tree tree = {xapian, plan, make_leaf, kw_tree_group, NULL, false};
    struct kw_tree_part part = {bounds->query, true};
    struct xc_statistics all;
    if (xc_database_statistics(xapian->database, &all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    bounds->whole = false;
    if (all.documents != statistics->documents || !is_estimated(xapian, plan))
        return KW_OK;
    enum kw_status status = kw_tree_node(&tree, plan->root, &part, error);
    bounds->whole = part.exact;
    bounds->exact = true;
    bounds->k1 = given.k1;
    bounds->k3 = given.k3;
    bounds->b = given.b;
    bounds->least = KW_PARITY_LEAST;
    return status;
}
