/* Boolean queries from plans. What Xapian cannot tell (where words stand, how many of several
 * clauses must match, values to the last) is left to the ranker, so the query may match too much,
 * never too little; below a MUST_NOT only what is exact is taken. */
#include "xapian/candidates.h"

#include "xapian/filters.h"
#include "xapian/foreign.h"
#include "xapian/schema.h"
#include "xapian/tree.h"
#include "xapian/wanted.h"

#include <stdlib.h>

static enum kw_status failed(const struct kw_tree *tree, const struct xc_query *query,
                             struct kw_error *error)
{
    return kw_xapian_failed(tree->xapian, xc_query_error(query), error);
}

/* ---- Leaves ------------------------------------------------------------------------------- */

/* The database's terms for those of a plan, in an arena. */
struct terms {
    struct xc_text *items;
    size_t count;
    bool all; /* none is missing that the database cannot have */
    struct kw_arena arena;
};

static enum kw_status find_terms(struct terms *terms, const struct kw_xapian *xapian,
                                 const struct kw_query_term *asked, uint32_t count,
                                 struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    size_t room = (size_t)count * (xapian->foreign ? KW_FOREIGN_TEXTS : 1) + 1;
    *terms = (struct terms){.all = true, .arena = KW_ARENA_INIT};
    terms->items = kw_arena_alloc(&terms->arena, room * sizeof *terms->items);
    if (!terms->items)
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < count && status == KW_OK; i++) {
        const struct kw_query_term *one = &asked[i];
        unsigned number = 0;
        while (status == KW_OK &&
               kw_xapian_term(xapian, one->field, one->language, one->bytes, number, &term)) {
            struct kw_view copy = kw_arena_copy(&terms->arena, kw_bytes_view(&term));
            if (!copy.data || term.failed)
                status = kw_fail_memory(error);
            terms->items[terms->count++] = kw_xapian_text(copy);
            number++;
        }
        terms->all &= number > 0;
    }
    kw_bytes_release(&term);
    return status;
}

enum kw_status kw_xapian_join_terms(struct kw_xapian *xapian, struct xc_query *query,
                                    enum xc_operator op, const struct kw_query_term *asked,
                                    uint32_t count, uint32_t window, struct kw_error *error)
{
    struct terms terms;
    enum xc_status set;
    enum kw_status status = find_terms(&terms, xapian, asked, count, error);
    if (status == KW_OK) {
        if (op != XC_OP_OR && op != XC_OP_SYNONYM && !terms.all)
            set = xc_query_set_nothing(query);
        else
            set = xc_query_set_terms(query, op, terms.items, terms.count, window);
        if (set != XC_OK)
            status = kw_xapian_failed(xapian, xc_query_error(query), error);
    }
    kw_arena_release(&terms.arena);
    return status;
}

/* All of the terms, each by any of those of the database that stand for it. */
static enum kw_status join_all(const struct kw_tree *tree, struct xc_query *query,
                               const struct kw_query_term *asked, uint32_t count,
                               struct kw_error *error)
{
    struct kw_tree_parts parts = {NULL, 0, 0};
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < count && status == KW_OK; i++) {
        struct kw_tree_part *part = kw_tree_parts_add(&parts);
        status =
            part ? kw_xapian_join_terms(tree->xapian, part->query, XC_OP_OR, &asked[i], 1, 0, error)
                 : kw_fail_memory(error);
    }
    if (status == KW_OK)
        status = kw_tree_parts_join(tree->xapian, query, XC_OP_AND, &parts, error);
    kw_tree_parts_release(&parts);
    return status;
}

/* Whether Xapian's phrases find all that the phrase matches: its words are distinct and stand
 * behind one another, exactly. */
static bool is_simple_phrase(const struct kw_leaf *leaf)
{
    if (leaf->distance)
        return false;
    for (uint32_t i = 1; i < leaf->term_count; i++) {
        if (leaf->terms[i].offset <= leaf->terms[i - 1].offset)
            return false;
        for (uint32_t k = 0; k < i; k++)
            if (kw_view_equal(leaf->terms[i].bytes, leaf->terms[k].bytes))
                return false;
    }
    return true;
}

/* Of another program's databases only whole keywords are told. */
static enum kw_status make_foreign_filter(const struct kw_tree *tree,
                                          const struct kw_filter *filter, struct kw_tree_part *part,
                                          struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    enum xc_status set;
    bool whole = kw_wanted_is_keyword(filter) &&
                 kw_foreign_keyword(tree->xapian, filter->field, filter->keyword, &term);
    enum kw_status status = kw_bytes_status(&term, error);
    if (status == KW_OK) {
        set = whole ? xc_query_set_term(part->query, kw_xapian_text(kw_bytes_view(&term)), 1, 0)
                    : xc_query_set_all(part->query);
        if (set != XC_OK)
            status = failed(tree, part->query, error);
    }
    kw_bytes_release(&term);
    return status;
}

static enum kw_status make_leaf(const struct kw_tree *tree, const struct kw_leaf *leaf,
                                struct kw_tree_part *part, struct kw_error *error);

/* A NEAR has all of its operands somewhere, an ANY one of them. */
static enum kw_status make_operands(const struct kw_tree *tree, const struct kw_leaf *leaf,
                                    struct kw_tree_part *part, struct kw_error *error)
{
    struct kw_tree_parts parts = {NULL, 0, 0};
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < leaf->operand_count && status == KW_OK; i++) {
        struct kw_tree_part *operand = kw_tree_parts_add(&parts);
        status =
            operand ? make_leaf(tree, &leaf->operands[i], operand, error) : kw_fail_memory(error);
    }
    if (status == KW_OK)
        status =
            kw_tree_parts_join(tree->xapian, part->query,
                               leaf->kind == KW_LEAF_ANY ? XC_OP_OR : XC_OP_AND, &parts, error);
    part->exact = false;
    kw_tree_parts_release(&parts);
    return status;
}

static enum kw_status make_leaf(const struct kw_tree *tree, const struct kw_leaf *leaf,
                                struct kw_tree_part *part, struct kw_error *error)
{
    const struct kw_expansion *expansion;
    switch (leaf->kind) {
    case KW_LEAF_WORD:
        return kw_xapian_join_terms(tree->xapian, part->query, XC_OP_OR, leaf->terms,
                                    leaf->term_count, 0, error);
    case KW_LEAF_EXPANSION:
        expansion = &tree->plan->expansions[leaf->expansion];
        return kw_xapian_join_terms(tree->xapian, part->query, XC_OP_OR, expansion->terms,
                                    expansion->term_count, 0, error);
    case KW_LEAF_PHRASE:
        part->exact = false;
        if (tree->xapian->foreign &&
            kw_foreign_alternatives(tree->xapian, leaf->terms[0].field) > 1)
            return join_all(tree, part->query, leaf->terms, leaf->term_count, error);
        return is_simple_phrase(leaf)
                   ? kw_xapian_join_terms(tree->xapian, part->query, XC_OP_PHRASE, leaf->terms,
                                          leaf->term_count,
                                          leaf->terms[leaf->term_count - 1].offset + 1, error)
                   : kw_xapian_join_terms(tree->xapian, part->query, XC_OP_AND, leaf->terms,
                                          leaf->term_count, 0, error);
    case KW_LEAF_FILTER:
        part->exact = false;
        return tree->xapian->foreign
                   ? make_foreign_filter(tree, leaf->filter, part, error)
                   : kw_xapian_filter(tree->xapian, leaf->filter, part->query, error);
    default:
        return make_operands(tree, leaf, part, error);
    }
}

/* ---- Groups ------------------------------------------------------------------------------- */

static enum kw_status make_tree_leaf(const struct kw_tree *tree, uint32_t leaf,
                                     struct kw_tree_part *part, struct kw_error *error)
{
    return make_leaf(tree, &tree->plan->leaves[leaf], part, error);
}

/* Makes the group's SHOULD children one more that must match, if any of them has to. */
static enum kw_status make_should(const struct kw_tree *tree, const struct kw_plan_node *node,
                                  struct kw_tree_parts *must, struct kw_error *error)
{
    struct kw_tree_parts should = {NULL, 0, 0};
    if (!node->minimum)
        return KW_OK;
    struct kw_tree_part *part = kw_tree_parts_add(must);
    if (!part)
        return kw_fail_memory(error);
    enum kw_status status = kw_tree_children(tree, node, KW_SHOULD, &should, error);
    bool all = node->minimum == should.count;
    if (status == KW_OK)
        status = kw_tree_parts_join(tree->xapian, part->query, all ? XC_OP_AND : XC_OP_OR, &should,
                                    error);
    part->exact = kw_tree_parts_exact(&should) && (node->minimum == 1 || all);
    kw_tree_parts_release(&should);
    return status;
}

/* Takes what none of the MUST_NOT children matches away, those that are exact. */
static enum kw_status make_must_not(const struct kw_tree *tree, const struct kw_plan_node *node,
                                    struct kw_tree_part *part, struct kw_error *error)
{
    struct kw_tree_parts not = {NULL, 0, 0};
    enum kw_status status = kw_tree_children(tree, node, KW_MUST_NOT, &not, error);
    part->exact &= kw_tree_parts_exact(&not );
    for (size_t i = 0; i < not .count && status == KW_OK; i++)
        if (not .items[i].exact)
            status = kw_tree_combine(tree->xapian, part->query, XC_OP_AND_NOT, not .items[i].query,
                                     error);
    kw_tree_parts_release(&not );
    return status;
}

static enum kw_status make_group(const struct kw_tree *tree, const struct kw_plan_node *node,
                                 struct kw_tree_part *part, struct kw_error *error)
{
    struct kw_tree_parts must = {NULL, 0, 0};
    enum kw_status status = kw_tree_children(tree, node, KW_MUST, &must, error);
    if (status == KW_OK)
        status = make_should(tree, node, &must, error);
    if (status == KW_OK && must.count)
        status = kw_tree_parts_join(tree->xapian, part->query, XC_OP_AND, &must, error);
    else if (status == KW_OK && xc_query_set_all(part->query) != XC_OK)
        status = kw_xapian_failed(tree->xapian, xc_query_error(part->query), error);
    part->exact = kw_tree_parts_exact(&must);
    if (status == KW_OK)
        status = make_must_not(tree, node, part, error);
    kw_tree_parts_release(&must);
    return status;
}

/* Leaves of what a query matches what has a term. */
static enum kw_status among(const struct kw_tree *tree, struct xc_query *query, const char *term,
                            struct kw_error *error)
{
    struct xc_query *all = xc_query_new();
    const struct xc_query *const both[] = {query, all};
    enum kw_status status = KW_OK;
    if (!all)
        return kw_fail_memory(error);
    if (xc_query_set_term(all, kw_xapian_text(kw_view_of(term)), 1, 0) != XC_OK)
        status = failed(tree, all, error);
    else if (xc_query_set_parts(query, XC_OP_FILTER, both, 2, 0) != XC_OK)
        status = failed(tree, query, error);
    xc_query_free(all);
    return status;
}

enum kw_status kw_xapian_superset(struct kw_xapian *xapian, const struct kw_plan *plan,
                                  struct xc_query *query, struct kw_error *error)
{
    const struct kw_tree tree = {xapian, plan, make_tree_leaf, make_group, NULL, true};
    struct kw_tree_part part = {query, true};
    enum kw_status status = kw_tree_node(&tree, plan->root, &part, error);
    return status == KW_OK && xapian->foreign && xapian->foreign->schema->all
               ? among(&tree, query, xapian->foreign->schema->all, error)
               : status;
}

enum kw_status kw_xapian_any_term(struct kw_xapian *xapian, const struct kw_plan *plan,
                                  const struct kw_leaf *leaf, struct xc_query *query,
                                  struct kw_error *error)
{
    const struct kw_tree tree = {.xapian = xapian, .plan = plan};
    struct kw_tree_part part = {query, true};
    return make_leaf(&tree, leaf, &part, error);
}

enum kw_status kw_xapian_any_id(struct kw_xapian *xapian, const struct kw_view *ids, uint32_t count,
                                struct xc_query *query, struct kw_error *error)
{
    struct kw_arena arena = KW_ARENA_INIT;
    struct kw_bytes term = KW_BYTES_INIT;
    struct xc_text *terms = malloc(((size_t)count + 1) * sizeof *terms);
    enum kw_status status = terms ? KW_OK : kw_fail_memory(error);
    for (uint32_t i = 0; i < count && status == KW_OK; i++) {
        kw_schema_id(&term, ids[i]);
        struct kw_view copy = kw_arena_copy(&arena, kw_bytes_view(&term));
        if (!copy.data || term.failed)
            status = kw_fail_memory(error);
        terms[i] = kw_xapian_text(copy);
    }
    if (status == KW_OK && xc_query_set_terms(query, XC_OP_OR, terms, count, 0) != XC_OK)
        status = kw_xapian_failed(xapian, xc_query_error(query), error);
    free(terms);
    kw_bytes_release(&term);
    kw_arena_release(&arena);
    return status;
}

/* ---- Searching ---------------------------------------------------------------------------- */

/* Searches without weights, by docid; `count`: exactly, all that matches. */
static enum kw_status run(struct kw_xapian *xapian, const struct xc_query *query, uint32_t first,
                          uint32_t most, bool count, struct xc_mset *mset, struct kw_error *error)
{
    struct xc_enquire *enquire = xc_enquire_new();
    enum kw_status status = KW_OK;
    if (!enquire)
        return kw_fail_memory(error);
    if (xc_enquire_start(enquire, xapian->database) != XC_OK ||
        xc_enquire_set_query(enquire, query, 0) != XC_OK ||
        xc_enquire_weight_bool(enquire) != XC_OK ||
        xc_enquire_set_docid_order(enquire, XC_DOCID_ASCENDING) != XC_OK ||
        xc_enquire_search(enquire, first, most, count ? UINT32_MAX : 0, NULL, NULL, mset) != XC_OK)
        status = kw_xapian_failed(xapian, xc_enquire_error(enquire), error);
    xc_enquire_free(enquire);
    return status;
}

enum kw_status kw_xapian_page(struct kw_xapian *xapian, const struct xc_query *query,
                              uint32_t first, struct xc_mset *mset, struct kw_error *error)
{
    return run(xapian, query, first, KW_XAPIAN_PAGE, false, mset, error);
}

enum kw_status kw_xapian_ask(struct kw_xapian *xapian, const struct xc_query *query,
                             struct xc_mset *mset, struct kw_error *error)
{
    return run(xapian, query, 0, 0, false, mset, error);
}

enum kw_status kw_xapian_count(struct kw_xapian *xapian, const struct xc_query *query,
                               uint64_t *count, struct kw_error *error)
{
    struct xc_match_counts counts;
    struct xc_mset *mset = xc_mset_new();
    enum kw_status status =
        mset ? run(xapian, query, 0, 0, true, mset, error) : kw_fail_memory(error);
    if (status == KW_OK && xc_mset_counts(mset, &counts) != XC_OK)
        status = kw_xapian_failed(xapian, xc_mset_error(mset), error);
    if (status == KW_OK && counts.matches_min != counts.matches_max)
        status = kw_fail(error, KW_E_IO, "'%s' does not count what matches", xapian->where);
    if (status == KW_OK)
        *count = counts.matches_min;
    xc_mset_free(mset);
    return status;
}
