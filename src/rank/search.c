/* The ranker over one segment: the figures it adds to the statistics, and the documents it offers.
 */
#include "rank/search.h"

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

/* Live documents that hold the term. */
static enum kw_status term_frequency(struct kw_segment *segment, const struct kw_query_term *asked,
                                     uint64_t *frequency, struct kw_error *error)
{
    struct kw_term term;
    enum kw_status status = kw_find_query_term(segment, asked, &term, error);
    *frequency = 0;
    if (status == KW_E_NOT_FOUND)
        return KW_OK;
    if (status != KW_OK)
        return status;
    *frequency = term.documents;
    if (segment->deletes)
        *frequency -= count_deleted(segment, &term);
    return KW_OK;
}

/* Live documents that hold any of the leaf's terms. */
static enum kw_status union_frequency(struct kw_segment *segment, const struct kw_plan *plan,
                                      uint32_t leaf, uint64_t *frequency, struct kw_error *error)
{
    const struct kw_plan_node node = {.kind = KW_PLAN_LEAF, .occur = KW_MUST, .leaf = leaf};
    struct kw_plan alone = *plan;
    struct kw_evaluation evaluation;
    alone.root = &node;
    *frequency = 0;
    enum kw_status status = kw_evaluation_init(&evaluation, segment, &alone, error);
    if (status != KW_OK)
        goto done;
    struct kw_cursor *root = evaluation.root;
    while (root->ops->next(root) != KW_NO_DOCUMENT)
        *frequency += !kw_segment_deleted(segment, (uint32_t)root->document);
    status = kw_evaluation_status(&evaluation, error);
done:
    kw_evaluation_release(&evaluation);
    return status;
}

static enum kw_status leaf_statistics(struct kw_segment *segment, const struct kw_plan *plan,
                                      uint32_t number, struct kw_leaf_statistics *found,
                                      struct kw_error *error)
{
    const struct kw_leaf *leaf = &plan->leaves[number];
    int64_t field = kw_segment_find_field(segment, leaf->terms[0].field);
    if (field < 0)
        return KW_OK;
    uint64_t documents = 0, length = 0, frequency = 0;
    enum kw_status status =
        kw_segment_field_live(segment, (uint32_t)field, &documents, &length, error);
    if (status != KW_OK)
        return status;
    found->field_documents += documents;
    found->field_length += length;
    if (leaf->kind == KW_LEAF_WORD && leaf->term_count > 1) {
        status = union_frequency(segment, plan, number, &frequency, error);
        found->frequencies[0] += frequency;
        return status;
    }
    for (uint32_t i = 0; i < leaf->term_count && status == KW_OK; i++) {
        status = term_frequency(segment, &leaf->terms[i], &frequency, error);
        found->frequencies[i] += frequency;
    }
    return status;
}

enum kw_status kw_rank_statistics(struct kw_segment *segment, const struct kw_plan *plan,
                                  struct kw_statistics *statistics, struct kw_error *error)
{
    statistics->documents += kw_segment_live(segment);
    for (uint32_t i = 0; i < plan->leaf_count; i++) {
        if (plan->leaves[i].negated)
            continue;
        enum kw_status status = leaf_statistics(segment, plan, i, &statistics->leaves[i], error);
        if (status != KW_OK)
            return status;
    }
    return kw_segment_status(segment, error);
}

/* What scores a leaf in this segment. */
struct scorer {
    struct kw_bm25 bm25;
    struct kw_field_info field;
};

/* Scorers of all leaves, in the arena; `field` is left out where the segment does not have it, and
 * no document contributes then. */
static enum kw_status make_scorers(struct scorer **out, struct kw_evaluation *evaluation,
                                   const struct kw_statistics *statistics, struct kw_error *error)
{
    const struct kw_plan *plan = evaluation->plan;
    struct scorer *scorers = kw_arena_alloc(&evaluation->arena, plan->leaf_count * sizeof *scorers);
    *out = scorers;
    if (!scorers)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < plan->leaf_count; i++) {
        if (plan->leaves[i].negated)
            continue;
        scorers[i].bm25 = kw_bm25_leaf(statistics, plan, i);
        int64_t field = kw_segment_find_field(evaluation->segment, plan->leaves[i].terms[0].field);
        if (field < 0)
            continue;
        enum kw_status status =
            kw_segment_field(evaluation->segment, (uint32_t)field, &scorers[i].field, error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

/* The sum over what contributes, in the order of the query. */
static double score_document(struct kw_segment *segment, uint32_t document,
                             const struct scorer *scorers,
                             const struct kw_contributions *contributions)
{
    double sum = 0;
    for (uint32_t i = 0; i < contributions->count; i++) {
        const struct scorer *scorer = &scorers[contributions->items[i].leaf];
        uint32_t length = kw_segment_length(segment, &scorer->field, document);
        sum += kw_bm25_score(&scorer->bm25, contributions->items[i].frequency, length);
    }
    return sum;
}

/* Goes through the documents that match; scores them only if any is to be kept. */
static enum kw_status offer_all(struct kw_evaluation *evaluation, const struct scorer *scorers,
                                uint32_t tag, struct kw_top *top, uint64_t *matches,
                                struct kw_error *error)
{
    struct kw_contributions contributions = kw_evaluation_contributions(evaluation);
    struct kw_cursor *root = evaluation->root;
    enum kw_status status = contributions.items ? KW_OK : kw_fail_memory(error);
    while (status == KW_OK && root->ops->next(root) != KW_NO_DOCUMENT) {
        uint32_t document = (uint32_t)root->document;
        if (kw_segment_deleted(evaluation->segment, document))
            continue;
        ++*matches;
        if (top->limit == 0)
            continue;
        contributions.count = 0;
        root->ops->collect(root, &contributions);
        double score = score_document(evaluation->segment, document, scorers, &contributions);
        status = kw_top_offer(top, score, (uint64_t)tag << 32 | document, error);
    }
    return status;
}

enum kw_status kw_rank_segment(struct kw_segment *segment, uint32_t tag, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, struct kw_top *top,
                               uint64_t *matches, struct kw_error *error)
{
    struct kw_evaluation evaluation;
    struct scorer *scorers = NULL;
    if (!plan->root)
        return KW_OK;
    enum kw_status status = kw_evaluation_init(&evaluation, segment, plan, error);
    if (status == KW_OK)
        status = make_scorers(&scorers, &evaluation, statistics, error);
    if (status == KW_OK)
        status = offer_all(&evaluation, scorers, tag, top, matches, error);
    if (status == KW_OK)
        status = kw_evaluation_status(&evaluation, error);
    kw_evaluation_release(&evaluation);
    return status;
}
