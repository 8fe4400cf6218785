/* From plans to Xapian's queries, weights and all. */
#include "xapian/parity.h"

#include "rank/bm25.h"
#include "xapian/candidates.h"

#include <stdlib.h>

struct maker {
    struct kw_xapian *xapian;
    const struct kw_plan *plan;
    bool whole;
};

/* The parts of a group that are something to it. */
struct parts {
    struct xc_query **items; /* owned */
    size_t count;
    size_t capacity;
};

static void parts_release(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        xc_query_free(parts->items[i]);
    free(parts->items);
}

static enum kw_status check(const struct maker *maker, const struct xc_query *query,
                            enum xc_status done, struct kw_error *error)
{
    return done == XC_OK ? KW_OK : kw_xapian_failed(maker->xapian, xc_query_error(query), error);
}

/* ---- Leaves ------------------------------------------------------------------------------- */

/* A NEAR, ordered or not, of two words of one term. */
static enum kw_status make_near(const struct maker *maker, const struct kw_leaf *leaf,
                                struct xc_query *query, struct kw_error *error)
{
    const struct kw_query_term terms[] = {leaf->operands[0].terms[0], leaf->operands[1].terms[0]};
    return kw_xapian_join_terms(maker->xapian, query, leaf->ordered ? XC_OP_PHRASE : XC_OP_NEAR,
                                terms, 2, leaf->distance + 1, error);
}

static enum kw_status make_leaf(struct maker *maker, const struct kw_leaf *leaf,
                                struct xc_query *query, struct kw_error *error)
{
    struct kw_xapian *xapian = maker->xapian;
    enum kw_status status = KW_OK;
    if (leaf->kind == KW_LEAF_FILTER) {
        maker->whole = false;
        return KW_OK;
    }
    if (leaf->kind == KW_LEAF_EXPANSION) {
        const struct kw_expansion *expansion = &maker->plan->expansions[leaf->expansion];
        status = kw_xapian_join_terms(xapian, query, XC_OP_SYNONYM, expansion->terms,
                                      expansion->term_count, 0, error);
    } else if (leaf->kind == KW_LEAF_NEAR) {
        status = make_near(maker, leaf, query, error);
    } else {
        bool phrase = leaf->kind == KW_LEAF_PHRASE;
        status =
            kw_xapian_join_terms(xapian, query, phrase ? XC_OP_PHRASE : XC_OP_SYNONYM, leaf->terms,
                                 leaf->term_count, phrase ? leaf->term_count : 0, error);
    }
    if (status != KW_OK)
        return status;
    return check(maker, query, xc_query_set_scaled(query, query, leaf->boost * leaf->repeats),
                 error);
}

/* ---- Groups ------------------------------------------------------------------------------- */

static enum kw_status make_node(struct maker *maker, const struct kw_plan_node *node,
                                struct xc_query *query, struct kw_error *error);

/* Adds a query that is still to be made; NULL when memory is out. */
static struct xc_query *add(struct parts *parts)
{
    struct xc_query *query = kw_grow(parts, parts->count + 1) ? xc_query_new() : NULL;
    if (query)
        parts->items[parts->count++] = query;
    return query;
}

/* Makes the children of one occurrence. */
static enum kw_status make_children(struct maker *maker, const struct kw_plan_node *node,
                                    enum kw_occur occur, struct parts *parts,
                                    struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < node->child_count && status == KW_OK; i++) {
        if (node->children[i]->occur != occur)
            continue;
        struct xc_query *child = add(parts);
        status = child ? make_node(maker, node->children[i], child, error) : kw_fail_memory(error);
    }
    return status;
}

static enum kw_status join(const struct maker *maker, struct xc_query *query, enum xc_operator op,
                           const struct parts *parts, struct kw_error *error)
{
    return check(maker, query,
                 xc_query_set_parts(query, op, (const struct xc_query *const *)parts->items,
                                    parts->count, 0),
                 error);
}

/* Makes `query` it and `other` under an operator of two. */
static enum kw_status combine(const struct maker *maker, struct xc_query *query,
                              enum xc_operator op, const struct xc_query *other,
                              struct kw_error *error)
{
    const struct xc_query *const both[] = {query, other};
    return check(maker, query, xc_query_set_parts(query, op, both, 2, 0), error);
}

/* Adds what may match, and in parts has to. */
static enum kw_status add_optional(struct maker *maker, const struct kw_plan_node *node,
                                   struct xc_query *query, bool must, struct kw_error *error)
{
    struct parts parts = {NULL, 0, 0};
    struct xc_query *any = xc_query_new();
    enum kw_status status =
        any ? make_children(maker, node, KW_SHOULD, &parts, error) : kw_fail_memory(error);
    bool all = node->minimum > 1; /* kw_plan_parity: then all of them */
    if (status == KW_OK && parts.count)
        status = join(maker, any, all ? XC_OP_AND : XC_OP_OR, &parts, error);
    if (status == KW_OK && parts.count && node->minimum && !must)
        status = check(maker, query, xc_query_set_copy(query, any), error);
    else if (status == KW_OK && parts.count)
        status = combine(maker, query, node->minimum ? XC_OP_AND : XC_OP_AND_MAYBE, any, error);
    xc_query_free(any);
    parts_release(&parts);
    return status;
}

static enum kw_status take_away(struct maker *maker, const struct kw_plan_node *node,
                                struct xc_query *query, struct kw_error *error)
{
    struct parts parts = {NULL, 0, 0};
    struct xc_query *any = xc_query_new();
    enum kw_status status =
        any ? make_children(maker, node, KW_MUST_NOT, &parts, error) : kw_fail_memory(error);
    if (status == KW_OK && parts.count)
        status = join(maker, any, XC_OP_OR, &parts, error);
    if (status == KW_OK && parts.count)
        status = combine(maker, query, XC_OP_AND_NOT, any, error);
    xc_query_free(any);
    parts_release(&parts);
    return status;
}

static enum kw_status make_node(struct maker *maker, const struct kw_plan_node *node,
                                struct xc_query *query, struct kw_error *error)
{
    struct parts must = {NULL, 0, 0};
    if (node->kind == KW_PLAN_LEAF)
        return make_leaf(maker, &maker->plan->leaves[node->leaf], query, error);
    enum kw_status status = make_children(maker, node, KW_MUST, &must, error);
    if (status == KW_OK && must.count)
        status = join(maker, query, XC_OP_AND, &must, error);
    else if (status == KW_OK)
        status = check(maker, query, xc_query_set_all(query), error);
    if (status == KW_OK)
        status = add_optional(maker, node, query, must.count > 0, error);
    if (status == KW_OK)
        status = take_away(maker, node, query, error);
    parts_release(&must);
    return status;
}

enum kw_status kw_xapian_own_query(struct kw_xapian *xapian, const struct kw_plan *plan,
                                   struct xc_query *query, bool *whole, struct kw_error *error)
{
    struct maker maker = {xapian, plan, true};
    enum kw_status status = make_node(&maker, plan->root, query, error);
    *whole = maker.whole;
    return status;
}

/* ---- Searching ---------------------------------------------------------------------------- */

bool kw_xapian_own_estimates(const struct kw_xapian *xapian, const struct kw_plan *plan)
{
    if (xc_database_shards(xapian->database) == 1)
        return true;
    for (uint32_t i = 0; i < plan->leaf_count; i++)
        if (kw_leaf_terms(plan, &plan->leaves[i]) > 2)
            return false;
    return true;
}

enum kw_status kw_xapian_own_search(struct kw_xapian *xapian, const struct xc_query *query,
                                    uint32_t most, struct xc_mset *mset, struct kw_error *error)
{
    static const struct kw_parameters given = KW_PARITY_PARAMETERS;
    struct xc_enquire *enquire = xc_enquire_new();
    enum kw_status status = KW_OK;
    if (!enquire)
        return kw_fail_memory(error);
    if (xc_enquire_start(enquire, xapian->database) != XC_OK ||
        xc_enquire_set_query(enquire, query, 0) != XC_OK ||
        xc_enquire_weight_bm25(enquire, given.k1, 0, given.k3, given.b, KW_PARITY_LEAST) != XC_OK ||
        xc_enquire_search(enquire, 0, most, UINT32_MAX, NULL, NULL, mset) != XC_OK)
        status = kw_xapian_failed(xapian, xc_enquire_error(enquire), error);
    xc_enquire_free(enquire);
    return status;
}
