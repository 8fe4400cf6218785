/* Where a query's leaves stand in one document, for passages and highlights. */
#include "rank/matches.h"

#include "rank/cursor.h"
#include "rank/phrase.h"
#include "rank/term.h"

#include <stdlib.h>

enum kw_status kw_matches_add(struct kw_matches *matches, struct kw_match match,
                              struct kw_error *error)
{
    if (!kw_grow(matches, matches->count + 1))
        return kw_fail_memory(error);
    matches->items[matches->count++] = match;
    return KW_OK;
}

static int compare_matches(const void *a, const void *b)
{
    const struct kw_match *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    if (left->span != right->span)
        return left->span > right->span ? -1 : 1;
    return (left->leaf > right->leaf) - (left->leaf < right->leaf);
}

void kw_matches_sort(struct kw_matches *matches)
{
    size_t kept = 0;
    if (matches->count == 0)
        return;
    qsort(matches->items, matches->count, sizeof *matches->items, compare_matches);
    for (size_t i = 1; i < matches->count; i++)
        if (compare_matches(&matches->items[kept], &matches->items[i]) != 0)
            matches->items[++kept] = matches->items[i];
    matches->count = kept + 1;
}

void kw_matches_clear(struct kw_matches *matches)
{
    matches->count = 0;
}

void kw_matches_release(struct kw_matches *matches)
{
    free(matches->items);
    *matches = (struct kw_matches)KW_MATCHES_INIT;
}

/* A document to look into, and where its matches go. */
struct look {
    struct kw_segment *segment;
    const struct kw_plan *plan;
    uint32_t document;
    struct kw_matches *matches;
};

/* Appends the positions of one term. */
static enum kw_status add_term(const struct look *look, uint32_t leaf, const struct kw_term *term,
                               struct kw_error *error)
{
    struct kw_postings postings;
    enum kw_status status = KW_OK;
    const uint32_t *positions;
    kw_postings_init(&postings, look->segment, term);
    if (kw_postings_advance(&postings, look->document) != look->document)
        goto done;
    status = kw_postings_positions(&postings, &positions, error);
    for (uint32_t i = 0; status == KW_OK && i < postings.frequency; i++) {
        struct kw_match match = {positions[i], look->plan->leaves[leaf].span, leaf};
        status = kw_matches_add(look->matches, match, error);
    }
done:
    kw_postings_release(&postings);
    return status;
}

/* Whether the document is among the term's own postings. A surface form may stand in a document of
 * another language, where the stem does not. */
static bool holds(const struct look *look, const struct kw_term *term)
{
    struct kw_postings postings;
    kw_postings_init(&postings, look->segment, term);
    bool found = kw_postings_advance(&postings, look->document) == look->document;
    kw_postings_release(&postings);
    return found;
}

/* Appends the positions of a stem's surface forms, if the stem stands in the document. */
static enum kw_status add_forms(const struct look *look, uint32_t leaf, const struct kw_term *stem,
                                struct kw_error *error)
{
    if (!holds(look, stem))
        return KW_OK;
    struct kw_term *forms = calloc(stem->form_count, sizeof *forms);
    if (!forms)
        return kw_fail_memory(error);
    enum kw_status status = kw_term_forms(look->segment, stem, forms, error);
    for (uint32_t i = 0; i < stem->form_count && status == KW_OK; i++)
        status = add_term(look, leaf, &forms[i], error);
    free(forms);
    return status;
}

static enum kw_status add_word(const struct look *look, uint32_t leaf, struct kw_error *error)
{
    const struct kw_leaf *asked = &look->plan->leaves[leaf];
    for (uint32_t i = 0; i < asked->term_count; i++) {
        struct kw_term term;
        enum kw_status status = kw_find_query_term(look->segment, &asked->terms[i], &term, error);
        if (status == KW_E_NOT_FOUND)
            continue;
        if (status == KW_OK)
            status = term.positional || term.form_count == 0 ? add_term(look, leaf, &term, error)
                                                             : add_forms(look, leaf, &term, error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

static enum kw_status add_leaf(const struct look *look, uint32_t leaf, bool title_searched,
                               struct kw_error *error)
{
    const struct kw_leaf *asked = &look->plan->leaves[leaf];
    struct kw_view field = asked->terms[0].field;
    if (field.size && !(title_searched && kw_view_equal(field, kw_view_of("title"))))
        return KW_OK;
    if (asked->kind == KW_LEAF_PHRASE)
        return kw_phrase_matches(look->segment, look->plan, leaf, look->document, look->matches,
                                 error);
    return add_word(look, leaf, error);
}

enum kw_status kw_rank_matches(struct kw_segment *segment, uint32_t document,
                               const struct kw_plan *plan, struct kw_matches *matches,
                               struct kw_error *error)
{
    struct kw_evaluation evaluation;
    struct kw_record record;
    struct look look = {segment, plan, document, matches};
    if (!plan->root)
        return KW_OK;
    enum kw_status status = kw_evaluation_init(&evaluation, segment, plan, error);
    if (status != KW_OK)
        goto done;
    struct kw_contributions contributions = kw_evaluation_contributions(&evaluation);
    struct kw_cursor *root = evaluation.root;
    status = contributions.items ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_segment_record(segment, document, &record, error);
    if (status != KW_OK)
        goto done;
    if (root->ops->advance(root, document) == (int64_t)document)
        root->ops->collect(root, &contributions);
    for (uint32_t i = 0; i < contributions.count && status == KW_OK; i++)
        status = add_leaf(&look, contributions.items[i].leaf, record.title_searched, error);
    kw_matches_sort(matches);
    if (status == KW_OK)
        status = kw_evaluation_status(&evaluation, error);
done:
    kw_evaluation_release(&evaluation);
    return status;
}
