/* Counts documents by terms. */
#include "xapian/statistics.h"

#include "rank/term.h"
#include "xapian/candidates.h"
#include "xapian/foreign.h"
#include "xapian/schema.h"

#include <stdlib.h>

enum kw_status kw_xapian_frequency(struct kw_xapian *xapian, const struct kw_bytes *term,
                                   uint64_t *documents, struct kw_error *error)
{
    uint32_t frequency;
    enum kw_status status = kw_bytes_status(term, error);
    if (status == KW_OK &&
        xc_database_term_frequency(xapian->database, kw_xapian_text(kw_bytes_view(term)),
                                   &frequency) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    if (status == KW_OK)
        *documents = frequency;
    return status;
}

/* The sum of the lengths, from their bits. */
static enum kw_status sum_lengths(struct kw_xapian *xapian, struct kw_view field, uint64_t *words,
                                  struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    *words = 0;
    for (unsigned bit = 0; bit < 32 && status == KW_OK; bit++) {
        uint64_t holders = 0;
        kw_schema_length(&term, field, bit);
        status = kw_xapian_frequency(xapian, &term, &holders, error);
        *words += holders << bit;
    }
    kw_bytes_release(&term);
    return status;
}

enum kw_status kw_xapian_documents(struct kw_xapian *xapian, struct xc_statistics *all,
                                   uint64_t *documents, struct kw_error *error)
{
    const char *term = xapian->foreign ? xapian->foreign->schema->all : NULL;
    uint32_t frequency;
    if (xc_database_statistics(xapian->database, all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    *documents = all->documents;
    if (!term)
        return KW_OK;
    if (xc_database_term_frequency(xapian->database, kw_xapian_text(kw_view_of(term)),
                                   &frequency) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    *documents = frequency;
    return KW_OK;
}

/* Of another program's database: nobody knows the lengths of fields, so each counts as one word. */
static enum kw_status foreign_totals(struct kw_xapian *xapian, struct kw_view field,
                                     uint64_t *documents, uint64_t *words, struct kw_error *error)
{
    struct xc_statistics all;
    enum kw_status status = kw_xapian_documents(xapian, &all, documents, error);
    if (status == KW_OK)
        *words = field.size ? *documents : all.total_length;
    return status;
}

enum kw_status kw_xapian_field_totals(struct kw_xapian *xapian, struct kw_view field,
                                      uint64_t *documents, uint64_t *words, struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    struct xc_statistics all;
    if (xapian->foreign)
        return foreign_totals(xapian, field, documents, words, error);
    kw_schema_has(&term, field);
    enum kw_status status = kw_xapian_frequency(xapian, &term, documents, error);
    kw_bytes_release(&term);
    if (status != KW_OK)
        return status;
    if (field.size)
        return *documents ? sum_lengths(xapian, field, words, error) : (*words = 0, KW_OK);
    if (xc_database_statistics(xapian->database, &all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    *words = all.total_length / kw_xapian_length_unit(xapian);
    return KW_OK;
}

/* Adds the documents that hold any of the database's terms for one of a plan. */
static enum kw_status count_any(struct kw_xapian *xapian, const struct kw_query_term *asked,
                                uint64_t *frequency, struct kw_error *error)
{
    const struct kw_leaf leaf = {.kind = KW_LEAF_WORD, .terms = asked, .term_count = 1};
    uint64_t documents = 0;
    struct xc_query *query = xc_query_new();
    enum kw_status status =
        query ? kw_xapian_any_term(xapian, NULL, &leaf, query, error) : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_xapian_count(xapian, query, &documents, error);
    *frequency += documents;
    xc_query_free(query);
    return status;
}

/* Adds the documents that hold the term. */
static enum kw_status add_term(struct kw_xapian *xapian, const struct kw_query_term *asked,
                               uint64_t *frequency, struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    uint64_t documents = 0;
    enum kw_status status = KW_OK;
    if (xapian->foreign && kw_foreign_alternatives(xapian, asked->field) > 1)
        return count_any(xapian, asked, frequency, error);
    if (kw_xapian_term(xapian, asked->field, asked->language, asked->bytes, 0, &term))
        status = kw_xapian_frequency(xapian, &term, &documents, error);
    *frequency += documents;
    kw_bytes_release(&term);
    return status;
}

/* Adds the documents that hold any of a leaf's terms. */
static enum kw_status add_any(struct kw_xapian *xapian, const struct kw_plan *plan,
                              const struct kw_leaf *leaf, uint64_t *frequency,
                              struct kw_error *error)
{
    uint64_t documents = 0;
    struct xc_query *query = xc_query_new();
    enum kw_status status =
        query ? kw_xapian_any_term(xapian, plan, leaf, query, error) : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_xapian_count(xapian, query, &documents, error);
    *frequency += documents;
    xc_query_free(query);
    return status;
}

/* Adds the figures of a leaf or operand. */
static enum kw_status add_frequencies(struct kw_xapian *xapian, const struct kw_plan *plan,
                                      const struct kw_leaf *leaf, uint64_t *frequencies,
                                      struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (leaf->kind == KW_LEAF_EXPANSION || (leaf->kind == KW_LEAF_WORD && leaf->term_count > 1))
        return add_any(xapian, plan, leaf, frequencies, error);
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK; i++)
        status = add_term(xapian, &leaf->terms[i], &frequencies[i], error);
    for (uint32_t i = 0; i < leaf->operand_count && status == KW_OK; i++) {
        status = add_frequencies(xapian, plan, &leaf->operands[i], frequencies, error);
        frequencies += kw_leaf_figures(&leaf->operands[i]);
    }
    return status;
}

static enum kw_status add_leaf(struct kw_xapian *xapian, const struct kw_plan *plan,
                               const struct kw_leaf *leaf, struct kw_leaf_statistics *found,
                               struct kw_error *error)
{
    uint64_t documents = 0, words = 0;
    enum kw_status status =
        kw_xapian_field_totals(xapian, kw_leaf_field(plan, leaf), &documents, &words, error);
    if (status != KW_OK)
        return status;
    found->field_documents += documents;
    found->field_length += words;
    if (!found->terms)
        return add_frequencies(xapian, plan, leaf, found->frequencies, error);
    const struct kw_query_term *terms =
        leaf->term_count ? leaf->terms : plan->expansions[leaf->expansion].terms;
    for (uint32_t i = 0; i < kw_leaf_terms(plan, leaf) && status == KW_OK; i++)
        status = add_term(xapian, &terms[i], &found->terms[i], error);
    return status;
}

/* Counts as work what kw_rank_statistics counts of a segment. */
static enum kw_status spend(struct kw_xapian *xapian, const struct kw_leaf *leaf, uint64_t all,
                            struct kw_work *work, struct kw_error *error)
{
    enum { A_VALUE = 2, A_DOCUMENT = 10 };
    enum kw_status status = KW_OK;
    if (leaf->kind == KW_LEAF_FILTER)
        return kw_work_spend(work, A_VALUE * all, error);
    if (!leaf->again)
        return KW_OK;
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK; i++) {
        uint64_t documents = 0;
        status = add_term(xapian, &leaf->terms[i], &documents, error);
        if (status == KW_OK)
            status = kw_work_spend(work, A_DOCUMENT * documents, error);
    }
    return status;
}

enum kw_status kw_xapian_statistics(struct kw_xapian *xapian, const struct kw_plan *plan,
                                    struct kw_statistics *statistics, struct kw_error *error)
{
    struct xc_statistics all;
    uint64_t documents;
    if (plan->parity && xapian->foreign)
        return kw_fail(error, KW_E_USAGE, "no parity in '%s': kwic did not make it", xapian->where);
    enum kw_status status = kw_xapian_documents(xapian, &all, &documents, error);
    if (status != KW_OK)
        return status;
    statistics->documents += documents;
    statistics->words += all.total_length / kw_xapian_length_unit(xapian);
    kw_work_raise(statistics->work, statistics->documents, statistics->words);
    for (uint32_t i = 0; i < plan->leaf_count && status == KW_OK; i++) {
        const struct kw_leaf *leaf = &plan->leaves[i];
        status = spend(xapian, leaf, all.documents, statistics->work, error);
        if (status == KW_OK && !leaf->negated && leaf->kind != KW_LEAF_FILTER)
            status = add_leaf(xapian, plan, leaf, &statistics->leaves[i], error);
    }
    for (uint32_t i = 0; i < plan->addition_count && status == KW_OK; i++) {
        const struct kw_addition *addition = &plan->additions[i];
        if (addition->kind != KW_ADD_NEAR)
            status = add_leaf(xapian, plan, &addition->leaf, &statistics->additions[i], error);
    }
    return status;
}
