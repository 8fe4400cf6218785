/* A word of the text weighs in Xapian what kwic's formula gives, once it is scaled.
 *
 * kwic:    W · tf / (tf + k1 · (1 − b + b · len / avg))
 * Xapian:  ln(w) · s · (k1' + 1) · wdf / (wdf + k1' · (1 − b' + b' · L)), L = length / its average
 *
 * wdf is tf, and L · r is len / avg, where r is the average of this database, in kwic's words, to
 * that of all that is searched. So k1' = k1 · (1 − b + b · r), b' = b · r / (1 − b + b · r) and
 * s = W / (ln(w) · (k1' + 1)) give the same. A word in the title has no wdf there; it can add W at
 * most. */
#include "xapian/weighing.h"

#include "xapian/candidates.h"
#include "xapian/filters.h"
#include "xapian/parity.h"
#include "xapian/schema.h"
#include "xapian/tree.h"
#include "xapian/wanted.h"

enum { WHOLE_KEYWORD = 100 }; /* bytes, each of which may take two, that a term has room for */

/* What the leaves of a plan are made with. */
struct formula {
    const struct kw_statistics *statistics;
    struct xc_statistics all; /* of this database */
    bool alone;               /* it is all that is searched */
    double k1;                /* of Xapian's BM25Weight */
    double average;           /* words of a text, in all that is searched */
};

static enum kw_status check(struct kw_xapian *xapian, const struct xc_query *query,
                            enum xc_status done, struct kw_error *error)
{
    return done == XC_OK ? KW_OK : kw_xapian_failed(xapian, xc_query_error(query), error);
}

/* ---- Leaves ------------------------------------------------------------------------------- */

/* How many documents of this database hold a term, of which `everywhere` do. */
static enum kw_status count_holders(const struct kw_tree *tree, const struct kw_query_term *asked,
                                    uint64_t everywhere, uint64_t *holders, struct kw_error *error)
{
    const struct formula *formula = tree->context;
    struct kw_bytes term = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    *holders = formula->alone ? everywhere : 0;
    if (!formula->alone &&
        kw_xapian_term(tree->xapian, asked->field, asked->language, asked->bytes, 0, &term))
        status = kw_xapian_frequency(tree->xapian, &term, holders, error);
    kw_bytes_release(&term);
    return status;
}

/* Makes a term weigh what `bm25` says. */
static enum kw_status make_scored(const struct kw_tree *tree, const struct kw_query_term *term,
                                  const struct kw_bm25 *bm25, uint64_t everywhere,
                                  struct kw_tree_part *part, struct kw_error *error)
{
    const struct formula *formula = tree->context;
    uint64_t holders;
    enum kw_status status = count_holders(tree, term, everywhere, &holders, error);
    double weight = kw_parity_idf(formula->all.documents, holders) * (formula->k1 + 1);
    part->exact = weight > 0 && bm25->average == formula->average;
    if (status == KW_OK && part->exact)
        status = kw_xapian_join_terms(tree->xapian, part->query, XC_OP_OR, term, 1, 0, error);
    if (status == KW_OK && part->exact)
        status = check(tree->xapian, part->query,
                       xc_query_set_scaled(part->query, part->query, bm25->weight / weight), error);
    return status;
}

/* The terms of a word or of a pattern. */
static const struct kw_query_term *terms_of(const struct kw_plan *plan, const struct kw_leaf *leaf,
                                            uint32_t *count)
{
    bool pattern = leaf->kind == KW_LEAF_EXPANSION;
    const struct kw_expansion *expansion = pattern ? &plan->expansions[leaf->expansion] : NULL;
    *count = pattern ? expansion->term_count : leaf->term_count;
    return pattern ? expansion->terms : leaf->terms;
}

/* A filter is exact if it is one keyword that is all in its term. */
static enum kw_status make_filter(const struct kw_tree *tree, const struct kw_filter *filter,
                                  struct kw_tree_part *part, struct kw_error *error)
{
    part->exact = kw_wanted_is_keyword(filter) && filter->keyword.size <= WHOLE_KEYWORD;
    if (!part->exact)
        return KW_OK;
    enum kw_status status = kw_xapian_filter(tree->xapian, filter, part->query, error);
    return status == KW_OK ? check(tree->xapian, part->query,
                                   xc_query_set_scaled(part->query, part->query, 0), error)
                           : status;
}

static enum kw_status make_leaf(const struct kw_tree *tree, uint32_t number,
                                struct kw_tree_part *part, struct kw_error *error)
{
    const struct formula *formula = tree->context;
    const struct kw_leaf *leaf = &tree->plan->leaves[number];
    uint32_t count;
    const struct kw_query_term *terms = terms_of(tree->plan, leaf, &count);
    if (leaf->kind == KW_LEAF_FILTER)
        return make_filter(tree, leaf->filter, part, error);
    part->exact = leaf->kind == KW_LEAF_WORD || leaf->kind == KW_LEAF_EXPANSION;
    if (!part->exact || !count)
        return KW_OK;
    if (leaf->negated)
        return kw_xapian_join_terms(tree->xapian, part->query, XC_OP_OR, terms, count, 0, error);
    part->exact = count == 1 && !terms->field.size;
    if (!part->exact)
        return KW_OK;
    const struct kw_bm25 bm25 = kw_bm25_leaf(formula->statistics, tree->plan, number);
    return make_scored(tree, terms, &bm25, formula->statistics->leaves[number].frequencies[0], part,
                       error);
}

/* ---- Additions ---------------------------------------------------------------------------- */

/* A word of the title: as much as it can add wherever it stands there. */
static enum kw_status make_title(const struct kw_tree *tree, const struct kw_leaf *leaf,
                                 double weight, struct kw_tree_part *part, struct kw_error *error)
{
    struct xc_query *holders = xc_query_new();
    enum kw_status status = holders ? kw_xapian_join_terms(tree->xapian, holders, XC_OP_OR,
                                                           leaf->terms, leaf->term_count, 0, error)
                                    : kw_fail_memory(error);
    if (status == KW_OK)
        status =
            check(tree->xapian, part->query, xc_query_set_source_fixed(part->query, weight), error);
    if (status == KW_OK)
        status = kw_tree_combine(tree->xapian, part->query, XC_OP_FILTER, holders, error);
    xc_query_free(holders);
    return status;
}

/* Makes one more part of an addition, or adds it to what no weight tells. */
static enum kw_status add_addition(const struct kw_tree *tree, uint32_t number,
                                   struct kw_tree_parts *parts, double *beyond,
                                   struct kw_error *error)
{
    const struct formula *formula = tree->context;
    const struct kw_addition *addition = &tree->plan->additions[number];
    const struct kw_bm25 bm25 = kw_bm25_addition(formula->statistics, tree->plan, number);
    const struct kw_leaf_statistics *found = &formula->statistics->additions[number];
    if (addition->kind == KW_ADD_NEAR) {
        *beyond += bm25.weight;
        return KW_OK;
    }
    if (!found->frequencies[0])
        return KW_OK;
    struct kw_tree_part *part = kw_tree_parts_add(parts);
    if (!part)
        return kw_fail_memory(error);
    return addition->kind == KW_ADD_TITLE
               ? make_title(tree, &addition->leaf, bm25.weight, part, error)
               : make_scored(tree, addition->leaf.terms, &bm25, found->frequencies[0], part, error);
}

static enum kw_status add_additions(const struct kw_tree *tree, struct kw_tree_part *root,
                                    double *beyond, struct kw_error *error)
{
    struct kw_tree_parts parts = {NULL, 0, 0};
    struct xc_query *any = xc_query_new();
    enum kw_status status = any ? KW_OK : kw_fail_memory(error);
    for (uint32_t i = 0; i < tree->plan->addition_count && status == KW_OK; i++)
        status = add_addition(tree, i, &parts, beyond, error);
    root->exact &= kw_tree_parts_exact(&parts);
    if (status == KW_OK && parts.count)
        status = kw_tree_parts_join(tree->xapian, any, XC_OP_OR, &parts, error);
    if (status == KW_OK && parts.count)
        status = kw_tree_combine(tree->xapian, root->query, XC_OP_AND_MAYBE, any, error);
    xc_query_free(any);
    kw_tree_parts_release(&parts);
    return status;
}

/* ---- The whole ---------------------------------------------------------------------------- */

/* Sets the parameters of the weights. False if there are none that do: nothing has a length. */
static bool set_formula(struct formula *formula, struct kw_weighing *bounds,
                        const struct kw_xapian *xapian)
{
    const struct kw_statistics *statistics = formula->statistics;
    double k1 = statistics->parameters.k1, b = statistics->parameters.b;
    double words = (double)formula->all.total_length / kw_xapian_length_unit(xapian);
    if (!statistics->words || !formula->all.total_length)
        return false;
    formula->alone = statistics->documents == formula->all.documents;
    formula->average = (double)statistics->words / (double)statistics->documents;
    double slope = b * (words / formula->all.documents / formula->average);
    formula->k1 = bounds->k1 = k1 * (1 - b + slope);
    bounds->b = slope / (1 - b + slope);
    return true;
}

static enum kw_status make_bounds(struct kw_weighing *bounds, struct kw_xapian *xapian,
                                  const struct kw_plan *plan,
                                  const struct kw_statistics *statistics, struct kw_error *error)
{
    struct formula formula = {.statistics = statistics};
    const struct kw_tree tree = {xapian, plan, make_leaf, kw_tree_group, &formula, false};
    struct kw_tree_part root = {bounds->query, true};
    if (xc_database_statistics(xapian->database, &formula.all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    if (xapian->foreign || !set_formula(&formula, bounds, xapian))
        return KW_OK;
    enum kw_status status = kw_tree_node(&tree, plan->root, &root, error);
    if (status == KW_OK && root.exact)
        status = add_additions(&tree, &root, &bounds->beyond, error);
    bounds->whole = root.exact;
    bounds->exact = !plan->addition_count;
    return status;
}

enum kw_status kw_weighing_init(struct kw_weighing *bounds, struct kw_xapian *xapian,
                                const struct kw_plan *plan, const struct kw_statistics *statistics,
                                struct kw_error *error)
{
    *bounds = (struct kw_weighing){.query = xc_query_new()};
    if (!bounds->query)
        return kw_fail_memory(error);
    return plan->parity ? kw_xapian_parity_weighing(xapian, plan, statistics, bounds, error)
                        : make_bounds(bounds, xapian, plan, statistics, error);
}

void kw_weighing_release(struct kw_weighing *bounds)
{
    xc_query_free(bounds->query);
    bounds->query = NULL;
}

enum kw_status kw_weighing_search(const struct kw_weighing *weighing, struct kw_xapian *xapian,
                                  uint32_t most, struct xc_mset *mset, struct kw_error *error)
{
    struct xc_enquire *enquire = xc_enquire_new();
    enum kw_status status = KW_OK;
    if (!enquire)
        return kw_fail_memory(error);
    /* All that matches is looked at: where it may pass over documents, by a cut-off too, Xapian
     * 1.4.22 loses some of the best. */
    if (xc_enquire_start(enquire, xapian->database) != XC_OK ||
        xc_enquire_set_query(enquire, weighing->query, 0) != XC_OK ||
        xc_enquire_weight_bm25(enquire, weighing->k1, 0, weighing->k3, weighing->b,
                               weighing->least) != XC_OK ||
        xc_enquire_sort_by_relevance_then_value(enquire, KW_SCHEMA_ID_SLOT, false) != XC_OK ||
        xc_enquire_search(enquire, 0, most, UINT32_MAX, NULL, NULL, mset) != XC_OK)
        status = kw_xapian_failed(xapian, xc_enquire_error(enquire), error);
    xc_enquire_free(enquire);
    return status;
}
