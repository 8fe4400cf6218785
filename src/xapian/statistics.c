/* Counts documents by terms. */
#include "xapian/statistics.h"

#include "rank/term.h"
#include "xapian/candidates.h"
#include "xapian/foreign.h"
#include "xapian/schema.h"
#include "xapian/wanted.h"

#include <stdlib.h>

/* ---- Frequencies -------------------------------------------------------------------------- */

enum kw_status kw_xapian_frequency(struct kw_xapian *xapian, const struct kw_bytes *term,
                                   uint64_t *documents, struct kw_error *error)
{
    struct xc_text text = kw_xapian_text(kw_bytes_view(term));
    uint32_t frequency;
    enum kw_status status = kw_bytes_status(term, error);
    if (status != KW_OK)
        return status;
    if (xapian->frequencies) {
        if (xc_mset_term_frequency(xapian->frequencies, text, &frequency) != XC_OK)
            status = kw_xapian_failed(xapian, xc_mset_error(xapian->frequencies), error);
    } else if (xc_database_term_frequency(xapian->database, text, &frequency) != XC_OK) {
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    }
    if (status == KW_OK)
        *documents = frequency;
    return status;
}

/* The terms of a plan, as one query that is asked for no document. */
static enum kw_status ask_together(struct kw_xapian *xapian, const struct xc_text *terms,
                                   size_t count, struct kw_error *error)
{
    struct xc_query *query = xc_query_new();
    struct xc_mset *mset = xc_mset_new();
    enum kw_status status = query && mset ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && xc_query_set_terms(query, XC_OP_OR, terms, count, 0) != XC_OK)
        status = kw_xapian_failed(xapian, xc_query_error(query), error);
    if (status == KW_OK)
        status = kw_xapian_ask(xapian, query, mset, error);
    if (status == KW_OK)
        xapian->frequencies = mset;
    else
        xc_mset_free(mset);
    xc_query_free(query);
    return status;
}

/* Asks servers for the frequencies of all terms of a plan at once. */
static enum kw_status ask_frequencies(struct kw_xapian *xapian, const struct kw_plan *plan,
                                      struct kw_error *error)
{
    struct kw_arena arena = KW_ARENA_INIT;
    struct kw_bytes term = KW_BYTES_INIT;
    struct kw_wanted wanted;
    size_t count = 0;
    enum kw_status status = kw_wanted_init(&wanted, plan, false, error);
    struct xc_text *terms = malloc((wanted.terms.count + 1) * sizeof *terms);
    if (status == KW_OK && !terms)
        status = kw_fail_memory(error);
    for (size_t i = 0; i < wanted.terms.count && status == KW_OK; i++) {
        const struct kw_excerpt_term *asked = &wanted.terms.items[i];
        if (!kw_xapian_term(xapian, asked->field, asked->language, asked->bytes, 0, &term))
            continue;
        struct kw_view copy = kw_arena_copy(&arena, kw_bytes_view(&term));
        if (!copy.data || term.failed)
            status = kw_fail_memory(error);
        terms[count++] = kw_xapian_text(copy);
    }
    if (status == KW_OK && count)
        status = ask_together(xapian, terms, count, error);
    free(terms);
    kw_wanted_release(&wanted);
    kw_bytes_release(&term);
    kw_arena_release(&arena);
    return status;
}

static void forget_frequencies(struct kw_xapian *xapian)
{
    xc_mset_free(xapian->frequencies);
    xapian->frequencies = NULL;
}

/* ---- Lengths ------------------------------------------------------------------------------ */

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

/* Takes a term that begins as `has`, the one of the documents that have words in the field. */
static enum kw_status take_length(struct kw_xapian *xapian, struct kw_xapian_lengths *lengths,
                                  struct kw_view rest, struct xc_terms *terms,
                                  struct kw_error *error)
{
    uint32_t holders;
    unsigned bit = 0;
    if (xc_terms_frequency(terms, &holders) != XC_OK)
        return kw_xapian_failed(xapian, xc_terms_error(terms), error);
    if (!rest.size)
        lengths->documents = holders;
    for (size_t i = 0; i < rest.size && rest.size <= 2; i++)
        bit = bit * 10 + (unsigned)(rest.data[i] - '0');
    if (!rest.size || rest.size > 2 || bit >= 32)
        return KW_OK;
    lengths->bits |= holders ? UINT32_C(1) << bit : 0;
    lengths->words += (uint64_t)holders << bit;
    return KW_OK;
}

/* Reads the words of all documents together. */
static enum kw_status read_total(struct kw_xapian *xapian, uint64_t *words, struct kw_error *error)
{
    struct xc_statistics all;
    if (xc_database_statistics(xapian->database, &all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    *words = all.total_length / kw_xapian_length_unit(xapian);
    return KW_OK;
}

/* Reads the terms of a field's lengths. */
static enum kw_status read_lengths(struct kw_xapian *xapian, struct kw_xapian_lengths *lengths,
                                   struct kw_error *error)
{
    struct kw_bytes has = KW_BYTES_INIT;
    struct xc_terms *terms = xc_terms_new();
    struct xc_text term;
    enum xc_status at = XC_END;
    kw_schema_has(&has, lengths->field);
    enum kw_status status = terms ? kw_bytes_status(&has, error) : kw_fail_memory(error);
    if (status == KW_OK &&
        xc_database_all_terms(xapian->database, kw_xapian_text(kw_bytes_view(&has)), terms) !=
            XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    while (status == KW_OK && (at = xc_terms_next(terms, &term)) == XC_OK) {
        struct kw_view rest = kw_xapian_view(term);
        rest.data += has.size;
        rest.size -= has.size;
        status = take_length(xapian, lengths, rest, terms, error);
    }
    if (status == KW_OK && at != XC_END)
        status = kw_xapian_failed(xapian, xc_terms_error(terms), error);
    if (status == KW_OK && !lengths->field.size)
        status = read_total(xapian, &lengths->words, error);
    xc_terms_free(terms);
    kw_bytes_release(&has);
    return status;
}

/* Of another program's database: nobody knows the lengths of fields, so each counts as one word. */
static enum kw_status foreign_totals(struct kw_xapian *xapian, struct kw_xapian_lengths *lengths,
                                     struct kw_error *error)
{
    struct xc_statistics all;
    enum kw_status status = kw_xapian_documents(xapian, &all, &lengths->documents, error);
    if (status == KW_OK)
        lengths->words = lengths->field.size ? lengths->documents : all.total_length;
    return status;
}

void kw_xapian_statistics_forget(struct kw_xapian *xapian)
{
    forget_frequencies(xapian);
    free(xapian->lengths.items);
    kw_arena_release(&xapian->lengths.arena);
    memset(&xapian->lengths, 0, sizeof xapian->lengths);
}

enum kw_status kw_xapian_lengths(struct kw_xapian *xapian, struct kw_view field,
                                 const struct kw_xapian_lengths **lengths, struct kw_error *error)
{
    struct kw_xapian_lengths found = {.documents = 0};
    enum kw_status status;
    for (size_t i = 0; i < xapian->lengths.count; i++) {
        *lengths = &xapian->lengths.items[i];
        if (kw_view_equal((*lengths)->field, field))
            return KW_OK;
    }
    found.field = kw_arena_copy(&xapian->lengths.arena, field);
    if (!found.field.data || !kw_grow(&xapian->lengths, xapian->lengths.count + 1))
        return kw_fail_memory(error);
    status = xapian->foreign ? foreign_totals(xapian, &found, error)
                             : read_lengths(xapian, &found, error);
    if (status != KW_OK)
        return status;
    xapian->lengths.items[xapian->lengths.count] = found;
    *lengths = &xapian->lengths.items[xapian->lengths.count++];
    return KW_OK;
}

/* ---- Leaves ------------------------------------------------------------------------------- */

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
    const struct kw_xapian_lengths *lengths;
    enum kw_status status = kw_xapian_lengths(xapian, kw_leaf_field(plan, leaf), &lengths, error);
    if (status != KW_OK)
        return status;
    found->field_documents += lengths->documents;
    found->field_length += lengths->words;
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

static enum kw_status add_all(struct kw_xapian *xapian, const struct kw_plan *plan,
                              struct kw_statistics *statistics, struct kw_error *error)
{
    struct xc_statistics all;
    uint64_t documents;
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

enum kw_status kw_xapian_statistics(struct kw_xapian *xapian, const struct kw_plan *plan,
                                    struct kw_statistics *statistics, struct kw_error *error)
{
    if (plan->parity && xapian->foreign)
        return kw_fail(error, KW_E_USAGE, "no parity in '%s': kwic did not make it", xapian->where);
    enum kw_status status =
        kw_xapian_is_served(xapian) ? ask_frequencies(xapian, plan, error) : KW_OK;
    if (status == KW_OK)
        status = add_all(xapian, plan, statistics, error);
    forget_frequencies(xapian);
    return status;
}
