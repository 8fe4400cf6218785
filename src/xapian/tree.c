/* Walks a plan's groups. */
#include "xapian/tree.h"

#include <stdlib.h>

static enum kw_status check(struct kw_xapian *xapian, const struct xc_query *query,
                            enum xc_status done, struct kw_error *error)
{
    return done == XC_OK ? KW_OK : kw_xapian_failed(xapian, xc_query_error(query), error);
}

/* ---- Parts -------------------------------------------------------------------------------- */

struct kw_tree_part *kw_tree_parts_add(struct kw_tree_parts *parts)
{
    struct kw_tree_part part = {xc_query_new(), true};
    if (!part.query)
        return NULL;
    if (!kw_grow(parts, parts->count + 1)) {
        xc_query_free(part.query);
        return NULL;
    }
    parts->items[parts->count] = part;
    return &parts->items[parts->count++];
}

void kw_tree_parts_release(struct kw_tree_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        xc_query_free(parts->items[i].query);
    free(parts->items);
    *parts = (struct kw_tree_parts){NULL, 0, 0};
}

bool kw_tree_parts_exact(const struct kw_tree_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        if (!parts->items[i].exact)
            return false;
    return true;
}

enum kw_status kw_tree_parts_join(struct kw_xapian *xapian, struct xc_query *query,
                                  enum xc_operator op, const struct kw_tree_parts *parts,
                                  struct kw_error *error)
{
    const struct xc_query **items = malloc((parts->count + 1) * sizeof *items);
    if (!items)
        return kw_fail_memory(error);
    for (size_t i = 0; i < parts->count; i++)
        items[i] = parts->items[i].query;
    enum kw_status status =
        check(xapian, query, xc_query_set_parts(query, op, items, parts->count, 0), error);
    free(items);
    return status;
}

enum kw_status kw_tree_combine(struct kw_xapian *xapian, struct xc_query *query,
                               enum xc_operator op, const struct xc_query *other,
                               struct kw_error *error)
{
    const struct xc_query *const both[] = {query, other};
    return check(xapian, query, xc_query_set_parts(query, op, both, 2, 0), error);
}

/* ---- Nodes -------------------------------------------------------------------------------- */

enum kw_status kw_tree_node(const struct kw_tree *tree, const struct kw_plan_node *node,
                            struct kw_tree_part *part, struct kw_error *error)
{
    return node->kind == KW_PLAN_LEAF ? tree->leaf(tree, node->leaf, part, error)
                                      : tree->group(tree, node, part, error);
}

/* Whether a child is a pattern that one before it is, too. Words that are repeated are merged. */
static bool is_repeated(const struct kw_plan *plan, const struct kw_plan_node *node, uint32_t child)
{
    const struct kw_plan_node *asked = node->children[child];
    if (asked->kind != KW_PLAN_LEAF || plan->leaves[asked->leaf].kind != KW_LEAF_EXPANSION)
        return false;
    for (uint32_t i = 0; i < child; i++) {
        const struct kw_plan_node *before = node->children[i];
        if (before->kind == KW_PLAN_LEAF && before->occur == asked->occur &&
            plan->leaves[before->leaf].kind == KW_LEAF_EXPANSION &&
            plan->leaves[before->leaf].expansion == plan->leaves[asked->leaf].expansion)
            return true;
    }
    return false;
}

enum kw_status kw_tree_children(const struct kw_tree *tree, const struct kw_plan_node *node,
                                enum kw_occur occur, struct kw_tree_parts *parts,
                                struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < node->child_count && status == KW_OK; i++) {
        if (node->children[i]->occur != occur || (tree->once && is_repeated(tree->plan, node, i)))
            continue;
        struct kw_tree_part *child = kw_tree_parts_add(parts);
        status =
            child ? kw_tree_node(tree, node->children[i], child, error) : kw_fail_memory(error);
    }
    return status;
}

/* Adds what may match, and in parts has to. */
static enum kw_status add_optional(const struct kw_tree *tree, const struct kw_plan_node *node,
                                   struct kw_tree_part *part, bool must, struct kw_error *error)
{
    struct kw_tree_parts parts = {NULL, 0, 0};
    struct xc_query *any = xc_query_new();
    enum kw_status status =
        any ? kw_tree_children(tree, node, KW_SHOULD, &parts, error) : kw_fail_memory(error);
    bool all = node->minimum > 1 && node->minimum == parts.count;
    part->exact &= kw_tree_parts_exact(&parts) && (node->minimum <= 1 || all);
    if (status == KW_OK && parts.count)
        status = kw_tree_parts_join(tree->xapian, any, all ? XC_OP_AND : XC_OP_OR, &parts, error);
    if (status == KW_OK && parts.count && node->minimum && !must)
        status = check(tree->xapian, part->query, xc_query_set_copy(part->query, any), error);
    else if (status == KW_OK && parts.count)
        status = kw_tree_combine(tree->xapian, part->query,
                                 node->minimum ? XC_OP_AND : XC_OP_AND_MAYBE, any, error);
    xc_query_free(any);
    kw_tree_parts_release(&parts);
    return status;
}

static enum kw_status take_away(const struct kw_tree *tree, const struct kw_plan_node *node,
                                struct kw_tree_part *part, struct kw_error *error)
{
    struct kw_tree_parts parts = {NULL, 0, 0};
    struct xc_query *any = xc_query_new();
    enum kw_status status =
        any ? kw_tree_children(tree, node, KW_MUST_NOT, &parts, error) : kw_fail_memory(error);
    part->exact &= kw_tree_parts_exact(&parts);
    if (status == KW_OK && parts.count)
        status = kw_tree_parts_join(tree->xapian, any, XC_OP_OR, &parts, error);
    if (status == KW_OK && parts.count)
        status = kw_tree_combine(tree->xapian, part->query, XC_OP_AND_NOT, any, error);
    xc_query_free(any);
    kw_tree_parts_release(&parts);
    return status;
}

enum kw_status kw_tree_group(const struct kw_tree *tree, const struct kw_plan_node *node,
                             struct kw_tree_part *part, struct kw_error *error)
{
    struct kw_tree_parts must = {NULL, 0, 0};
    enum kw_status status = kw_tree_children(tree, node, KW_MUST, &must, error);
    part->exact = kw_tree_parts_exact(&must);
    if (status == KW_OK && must.count)
        status = kw_tree_parts_join(tree->xapian, part->query, XC_OP_AND, &must, error);
    else if (status == KW_OK)
        status = check(tree->xapian, part->query, xc_query_set_all(part->query), error);
    if (status == KW_OK)
        status = add_optional(tree, node, part, must.count > 0, error);
    if (status == KW_OK)
        status = take_away(tree, node, part, error);
    kw_tree_parts_release(&must);
    return status;
}
