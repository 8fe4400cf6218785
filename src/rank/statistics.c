/* Counts the documents that hold what a plan asks for. */
#include "rank/statistics.h"

#include "index/deletes.h"
#include "rank/cursor.h"
#include "rank/term.h"

/* How many of the deleted documents the term's postings hold. */
static uint32_t count_deleted(struct kw_segment *segment, const struct kw_term *term)
{
    struct kw_postings postings;
    struct kw_deletes *deletes = segment->deletes;
    uint32_t count = 0;
    kw_postings_init(&postings, segment, term);
    uint32_t at = kw_postings_next(&postings);
    for (uint32_t i = 0; i < deletes->count && at != KW_NO_DOCUMENT; i++) {
        const uint8_t *entry =
            kw_pages_view(&deletes->pages, deletes->documents, 4 * (uint64_t)i, 4);
        if (!entry)
            break;
        uint32_t document = kw_load32(entry);
        if (at < document)
            at = kw_postings_advance(&postings, document);
        count += at == document;
    }
    kw_postings_release(&postings);
    return count;
}

uint32_t kw_live_documents(struct kw_segment *segment, const struct kw_term *term)
{
    return term->documents - (segment->deletes ? count_deleted(segment, term) : 0);
}

/* Live documents that hold the term. */
static enum kw_status term_frequency(struct kw_segment *segment, const struct kw_query_term *asked,
                                     struct kw_term_memo *memo, uint64_t *frequency,
                                     struct kw_error *error)
{
    struct kw_term term;
    enum kw_status status = kw_memo_find(memo, segment, asked, &term, error);
    if (status == KW_OK)
        *frequency += kw_live_documents(segment, &term);
    return status == KW_E_NOT_FOUND ? KW_OK : status;
}

/* Live documents that hold any of the terms of a word or expansion. */
static enum kw_status union_frequency(struct kw_segment *segment, const struct kw_plan *plan,
                                      const struct kw_leaf *leaf, struct kw_unions *unions,
                                      uint64_t *frequency, struct kw_error *error)
{
    struct kw_plan rootless = *plan;
    struct kw_evaluation evaluation;
    struct kw_cursor *cursor = NULL;
    rootless.root = NULL;
    enum kw_status status =
        kw_evaluation_init(&evaluation, segment, &rootless, unions, NULL, error);
    if (status == KW_OK)
        status = kw_leaf_cursor_new(&cursor, &evaluation, leaf, 0, error);
    if (status != KW_OK)
        goto done;
    while (cursor->ops->next(cursor) != KW_NO_DOCUMENT)
        *frequency += !kw_segment_deleted(segment, (uint32_t)cursor->document);
    status = kw_evaluation_status(&evaluation, error);
done:
    kw_cursors_release(&cursor, 1);
    kw_evaluation_release(&evaluation);
    return status;
}

/* Adds the figures of a leaf or operand. */
static enum kw_status add_frequencies(struct kw_segment *segment, const struct kw_plan *plan,
                                      const struct kw_leaf *leaf, struct kw_statistics *statistics,
                                      uint64_t *frequencies, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (leaf->kind == KW_LEAF_EXPANSION || (leaf->kind == KW_LEAF_WORD && leaf->term_count > 1))
        return union_frequency(segment, plan, leaf, statistics->unions, frequencies, error);
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK; i++)
        status = term_frequency(segment, &leaf->terms[i], statistics->memo, &frequencies[i], error);
    for (uint32_t i = 0; i < leaf->operand_count && status == KW_OK; i++) {
        status = add_frequencies(segment, plan, &leaf->operands[i], statistics, frequencies, error);
        frequencies += kw_leaf_figures(&leaf->operands[i]);
    }
    return status;
}

/* What is live of a field of a segment; of the text in most cases, which is looked up but once. */
struct totals {
    uint64_t documents, length;
};

static enum kw_status leaf_statistics(struct kw_segment *segment, const struct kw_plan *plan,
                                      const struct kw_leaf *leaf, const struct totals *text,
                                      struct kw_statistics *statistics,
                                      struct kw_leaf_statistics *found, struct kw_error *error)
{
    int64_t field = kw_segment_find_field(segment, kw_leaf_field(plan, leaf));
    if (field < 0)
        return KW_OK;
    struct totals totals = *text;
    enum kw_status status = KW_OK;
    if (field > 0)
        status = kw_segment_field_live(segment, (uint32_t)field, &totals.documents, &totals.length,
                                       error);
    if (status != KW_OK)
        return status;
    found->field_documents += totals.documents;
    found->field_length += totals.length;
    if (!found->terms)
        return add_frequencies(segment, plan, leaf, statistics, found->frequencies, error);
    const struct kw_query_term *terms =
        leaf->term_count ? leaf->terms : plan->expansions[leaf->expansion].terms;
    for (uint32_t i = 0; i < kw_leaf_terms(plan, leaf) && status == KW_OK; i++)
        status = term_frequency(segment, &terms[i], statistics->memo, &found->terms[i], error);
    return status;
}

/* Counts as work what a filter has to look at, and what a word adds to the search that is there
 * again. Those that are there for the first time never stand in more documents, all together, than
 * these have words. */
static enum kw_status spend(struct kw_segment *segment, const struct kw_leaf *leaf,
                            struct kw_term_memo *memo, struct kw_work *work, struct kw_error *error)
{
    enum { A_VALUE = 2, A_DOCUMENT = 10 };
    enum kw_status status = KW_OK;
    struct kw_term term;
    if (leaf->kind == KW_LEAF_FILTER)
        return kw_work_spend(work, A_VALUE * (uint64_t)segment->documents, error);
    if (!leaf->again)
        return KW_OK;
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK; i++) {
        status = kw_memo_find(memo, segment, &leaf->terms[i], &term, error);
        if (status == KW_OK)
            status = kw_work_spend(work, A_DOCUMENT * (uint64_t)term.documents, error);
        else if (status == KW_E_NOT_FOUND)
            status = KW_OK;
    }
    return status;
}

enum kw_status kw_rank_statistics(struct kw_segment *segment, const struct kw_plan *plan,
                                  struct kw_statistics *statistics, struct kw_error *error)
{
    struct totals totals = {0, 0};
    int64_t text = kw_segment_find_field(segment, (struct kw_view){NULL, 0});
    statistics->documents += kw_segment_live(segment);
    if (text >= 0) {
        enum kw_status status = kw_segment_field_live(segment, (uint32_t)text, &totals.documents,
                                                      &totals.length, error);
        if (status != KW_OK)
            return status;
    }
    statistics->words += totals.length;
    kw_work_raise(statistics->work, statistics->documents, statistics->words);
    for (uint32_t i = 0; i < plan->leaf_count; i++) {
        const struct kw_leaf *leaf = &plan->leaves[i];
        enum kw_status status = spend(segment, leaf, statistics->memo, statistics->work, error);
        if (status == KW_OK && !leaf->negated && leaf->kind != KW_LEAF_FILTER)
            status = leaf_statistics(segment, plan, leaf, &totals, statistics,
                                     &statistics->leaves[i], error);
        if (status != KW_OK)
            return status;
    }
    for (uint32_t i = 0; i < plan->addition_count; i++) {
        const struct kw_addition *addition = &plan->additions[i];
        if (addition->kind == KW_ADD_NEAR)
            continue;
        enum kw_status status = leaf_statistics(segment, plan, &addition->leaf, &totals, statistics,
                                                &statistics->additions[i], error);
        if (status != KW_OK)
            return status;
    }
    return kw_segment_status(segment, error);
}
