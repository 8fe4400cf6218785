/* Looks for what Xapian has no query for. */
#include "query/parity.h"

static bool is_one_term(const struct kw_leaf *leaf)
{
    return leaf->kind == KW_LEAF_WORD && leaf->term_count == 1;
}

/* What of a leaf has no counterpart; NULL: it has one. */
static const char *lack_of_leaf(const struct kw_plan *plan, const struct kw_leaf *leaf)
{
    if (leaf->kind == KW_LEAF_EXPANSION && plan->expansions[leaf->expansion].edits)
        return "words with edits";
    if (leaf->kind == KW_LEAF_PHRASE && leaf->distance)
        return "phrases with slop";
    for (uint32_t i = 0; leaf->kind == KW_LEAF_PHRASE && i < leaf->term_count; i++)
        if (leaf->terms[i].offset != i)
            return "phrases of words that share their places";
    if (leaf->kind == KW_LEAF_NEAR && (leaf->operand_count != 2 || !is_one_term(leaf->operands) ||
                                       !is_one_term(leaf->operands + 1)))
        return "NEARs but of two words, each of one term";
    return NULL;
}

/* Whether somewhere more than one, but not all, of several parts must match. */
static bool asks_for_several(const struct kw_plan_node *node)
{
    uint32_t optional = 0;
    for (uint32_t i = 0; i < node->child_count; i++) {
        optional += node->children[i]->occur == KW_SHOULD;
        if (asks_for_several(node->children[i]))
            return true;
    }
    return node->minimum > 1 && node->minimum < optional;
}

enum kw_status kw_plan_parity(struct kw_plan *plan, struct kw_error *error)
{
    const char *lack = NULL;
    for (uint32_t i = 0; i < plan->leaf_count && !lack; i++)
        lack = lack_of_leaf(plan, &plan->leaves[i]);
    if (!lack && plan->root && asks_for_several(plan->root))
        lack = "a number of parts that must match";
    plan->parity = !lack;
    if (!lack)
        return KW_OK;
    kw_fail(error, KW_E_USAGE, "no counterpart in Xapian for %s", lack);
    kw_hint(error, "leave out '--parity'");
    return KW_E_USAGE;
}
