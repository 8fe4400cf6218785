/* The ranker over one segment: the documents it offers, with their scores. */
#include "rank/search.h"

#include "rank/additions.h"
#include "rank/flat.h"
#include "rank/sorter.h"
#include "rank/term.h"

/* What scores a leaf in this segment. */
struct scorer {
    struct kw_bm25 bm25;
    struct kw_field_info field;
    struct kw_cursor *cursor; /* with parity: the leaf's, … */
    struct kw_bm25 *figures;  /* … what each of its figures is scored by, … */
    uint32_t *counts;         /* … and how often the document at hand holds it */
    uint32_t figure_count;
};

/* Makes what a leaf is scored by with parity. */
static enum kw_status make_figures(struct scorer *scorer, struct kw_evaluation *evaluation,
                                   const struct kw_statistics *statistics, uint32_t leaf,
                                   struct kw_error *error)
{
    uint32_t count = kw_leaf_figures(&evaluation->plan->leaves[leaf]);
    scorer->figures = kw_arena_alloc(&evaluation->arena, count * sizeof *scorer->figures);
    scorer->counts = kw_arena_alloc(&evaluation->arena, count * sizeof *scorer->counts);
    if (!scorer->figures || !scorer->counts)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < count; i++)
        scorer->figures[i] = kw_bm25_figure(statistics, evaluation->plan, leaf, i);
    scorer->figure_count = count;
    scorer->cursor = evaluation->leaves[leaf];
    return KW_OK;
}

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
        if (plan->leaves[i].negated || plan->leaves[i].kind == KW_LEAF_FILTER)
            continue;
        scorers[i].bm25 = kw_bm25_leaf(statistics, plan, i);
        int64_t field =
            kw_segment_find_field(evaluation->segment, kw_leaf_field(plan, &plan->leaves[i]));
        if (field < 0)
            continue;
        enum kw_status status =
            kw_segment_field(evaluation->segment, (uint32_t)field, &scorers[i].field, error);
        if (status == KW_OK && plan->parity)
            status = make_figures(&scorers[i], evaluation, statistics, i, error);
        if (status != KW_OK)
            return status;
    }
    return KW_OK;
}

static double score_leaf(struct kw_segment *segment, uint32_t document,
                         const struct scorer *scorers, const struct kw_contribution *contribution)
{
    const struct scorer *scorer = &scorers[contribution->leaf];
    uint32_t length = kw_segment_length(segment, &scorer->field, document);
    double sum = 0;
    if (!scorer->figures)
        return kw_bm25_score(&scorer->bm25, contribution->frequency, length);
    if (scorer->cursor->ops->count)
        scorer->cursor->ops->count(scorer->cursor, scorer->counts);
    else
        scorer->counts[0] = contribution->frequency;
    for (uint32_t i = 0; i < scorer->figure_count; i++)
        sum += kw_bm25_score(&scorer->figures[i], scorer->counts[i], length);
    return sum;
}

/* The sum over what contributes, in the order of the query. */
static double score_document(struct kw_segment *segment, uint32_t document,
                             const struct scorer *scorers,
                             const struct kw_contributions *contributions)
{
    double sum = 0;
    for (uint32_t i = 0; i < contributions->count; i++)
        sum += score_leaf(segment, document, scorers, &contributions->items[i]);
    return sum;
}

/* What is done with each document that matches. */
struct gathering {
    const struct scorer *scorers;
    struct kw_cursor *root; /* NULL: what a flat plan finds gets no additions */
    struct kw_contributions contributions;
    struct kw_additions additions;
    uint32_t tag;
    struct kw_top *top;
    struct kw_sorter sorter;
    struct kw_facets *facets; /* NULL: none */
    uint64_t *matches;
};

/* Offers the document, to which the leaves give `score`, unless even with the most that additions
 * can give it would not be kept. */
static enum kw_status offer(struct gathering *gathering,
                            const struct kw_contributions *contributions, double score,
                            struct kw_hit *hit, struct kw_error *error)
{
    struct kw_additions *additions = &gathering->additions;
    const struct kw_top *top = gathering->top;
    enum kw_status status = KW_OK;
    double most = kw_additions_most(additions, (uint32_t)hit->document, score);
    if (!kw_top_wants(top, most, hit->document))
        return KW_OK;
    kw_additions_begin(additions, contributions);
    for (int step = 0; step < KW_ADDITION_STEPS && status == KW_OK; step++) {
        if (!kw_top_wants(top, kw_additions_bound(additions, score), hit->document))
            return KW_OK;
        status = kw_additions_step(additions, step, error);
    }
    hit->score = kw_additions_sum(additions, score);
    return status == KW_OK ? kw_sorter_offer(&gathering->sorter, hit, error) : status;
}

/* Offers a document that the pruning let through (kw_pruning_take). */
static enum kw_status take(void *context, uint32_t document, double score, struct kw_error *error)
{
    struct gathering *gathering = context;
    struct kw_hit hit = {.score = score, .document = (uint64_t)gathering->tag << 32 | document};
    struct kw_contributions *contributions = &gathering->contributions;
    *gathering->matches += gathering->top->uncounted;
    if (!gathering->root)
        return kw_top_offer_hit(gathering->top, &hit, error);
    contributions->count = 0;
    if (gathering->root->ops->advance(gathering->root, document) == (int64_t)document)
        gathering->root->ops->collect(gathering->root, contributions);
    return offer(gathering, contributions, score, &hit, error);
}

/* Goes through the documents that match; scores them only if any is to be kept. */
static enum kw_status gather(struct kw_evaluation *evaluation, struct gathering *gathering,
                             struct kw_error *error)
{
    struct kw_contributions *contributions = &gathering->contributions;
    struct kw_cursor *root = evaluation->root;
    enum kw_status status = KW_OK;
    while (status == KW_OK && root->ops->next(root) != KW_NO_DOCUMENT) {
        uint32_t document = (uint32_t)root->document;
        if (kw_segment_deleted(evaluation->segment, document))
            continue;
        struct kw_hit hit = {.document = (uint64_t)gathering->tag << 32 | document};
        ++*gathering->matches;
        if (gathering->facets && !kw_facets_skip(gathering->facets, hit.document))
            status = kw_facets_count(gathering->facets, document, error);
        if (status != KW_OK || gathering->top->limit == 0)
            continue;
        contributions->count = 0;
        root->ops->collect(root, contributions);
        double score =
            score_document(evaluation->segment, document, gathering->scorers, contributions);
        status = offer(gathering, contributions, score, &hit, error);
    }
    if (status == KW_OK)
        status = kw_sorter_finish(&gathering->sorter, error);
    return status;
}

/* Makes what the documents found are scored by. */
static enum kw_status begin(struct gathering *gathering, struct kw_evaluation *evaluation,
                            const struct kw_statistics *statistics, struct kw_error *error)
{
    struct scorer *scorers = NULL;
    evaluation->work = statistics->work;
    enum kw_status status = make_scorers(&scorers, evaluation, statistics, error);
    gathering->scorers = scorers;
    gathering->root = evaluation->root;
    gathering->contributions = kw_evaluation_contributions(evaluation);
    if (status == KW_OK && !gathering->contributions.items)
        status = kw_fail_memory(error);
    if (status == KW_OK && gathering->top->limit)
        status = kw_additions_init(&gathering->additions, evaluation, statistics, error);
    if (status == KW_OK)
        status = kw_sorter_init(&gathering->sorter, evaluation->segment, gathering->top, error);
    return status;
}

/* By every document that matches. */
static enum kw_status rank_all(struct kw_segment *segment, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, struct gathering *gathering,
                               struct kw_error *error)
{
    struct kw_evaluation evaluation;
    struct kw_facets *facets = gathering->facets;
    enum kw_status status =
        kw_evaluation_init(&evaluation, segment, plan, statistics->unions, statistics->memo, error);
    if (status == KW_OK)
        status = begin(gathering, &evaluation, statistics, error);
    if (status == KW_OK && facets)
        status = kw_facets_begin(facets, segment, error);
    if (status == KW_OK)
        status = gather(&evaluation, gathering, error);
    if (status == KW_OK && facets)
        status = kw_facets_end(facets, error);
    if (status == KW_OK)
        status = kw_evaluation_status(&evaluation, error);
    kw_sorter_release(&gathering->sorter);
    kw_additions_release(&gathering->additions);
    kw_evaluation_release(&evaluation);
    return status;
}

/* Finds the best documents of a flat plan. Cursors are made only if additions need them. */
static enum kw_status find_best(struct kw_flat *flat, const struct kw_plan *plan,
                                const struct kw_statistics *statistics, struct gathering *gathering,
                                struct kw_error *error)
{
    struct kw_evaluation evaluation = {.arena = KW_ARENA_INIT};
    struct kw_segment *segment = flat->pruning.segment;
    enum kw_status status = KW_OK;
    if (plan->addition_count) {
        status = kw_evaluation_init(&evaluation, segment, plan, statistics->unions,
                                    statistics->memo, error);
        if (status == KW_OK)
            status = begin(gathering, &evaluation, statistics, error);
    }
    const double *most = gathering->additions.most;
    if (status == KW_OK)
        status = kw_flat_prune(flat, plan, statistics, gathering->top,
                               most[KW_ADD_NEAR] + most[KW_ADD_CHARACTER], take, gathering, error);
    if (status == KW_OK && plan->addition_count)
        status = kw_evaluation_status(&evaluation, error);
    kw_sorter_release(&gathering->sorter);
    kw_additions_release(&gathering->additions);
    kw_evaluation_release(&evaluation);
    return status;
}

/* By lists alone, where the plan is flat: else *fits is false and nothing was done. */
static enum kw_status rank_flat(struct kw_segment *segment, const struct kw_plan *plan,
                                const struct kw_statistics *statistics, struct gathering *gathering,
                                bool *fits, struct kw_error *error)
{
    const struct kw_top *top = gathering->top;
    struct kw_flat flat;
    enum kw_status status = kw_flat_init(&flat, segment, plan, statistics, top->limit > 0, error);
    *fits = status != KW_OK || flat.fits;
    bool counts = !top->uncounted;
    if (status == KW_OK && flat.phrase)
        status = kw_flat_find_phrase(&flat, top, counts ? gathering->matches : NULL, take,
                                     gathering, error);
    else if (status == KW_OK && flat.fits && counts)
        status = kw_flat_count(&flat, gathering->matches, error);
    if (status == KW_OK && flat.fits && !flat.phrase && top->limit && !flat.hopeless)
        status = find_best(&flat, plan, statistics, gathering, error);
    kw_flat_release(&flat);
    return status == KW_OK && *fits ? kw_segment_status(segment, error) : status;
}

enum kw_status kw_rank_segment(struct kw_segment *segment, uint32_t tag, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, struct kw_top *top,
                               uint64_t *matches, struct kw_facets *facets, struct kw_error *error)
{
    struct gathering gathering = {.tag = tag, .top = top, .facets = facets, .matches = matches};
    enum kw_status status = KW_OK;
    bool done = !plan->root;
    if (!done && !top->thorough && !top->sort && !top->by_id && !facets)
        status = rank_flat(segment, plan, statistics, &gathering, &done, error);
    if (status == KW_OK && !done)
        status = rank_all(segment, plan, statistics, &gathering, error);
    return status;
}

/* Fills the parts of a document on which the root stands. */
static enum kw_status fill_parts(struct kw_evaluation *evaluation, uint32_t document,
                                 const struct kw_statistics *statistics, struct kw_part *parts,
                                 struct kw_error *error)
{
    const struct kw_plan *plan = evaluation->plan;
    struct kw_contributions contributions = kw_evaluation_contributions(evaluation);
    struct kw_additions additions = {.evaluation = NULL};
    struct scorer *scorers;
    if (!contributions.items)
        return kw_fail_memory(error);
    enum kw_status status = make_scorers(&scorers, evaluation, statistics, error);
    if (status == KW_OK)
        status = kw_additions_init(&additions, evaluation, statistics, error);
    if (status != KW_OK)
        goto done;
    evaluation->root->ops->collect(evaluation->root, &contributions);
    for (uint32_t i = 0; i < contributions.count; i++) {
        const struct kw_contribution *contribution = &contributions.items[i];
        parts[contribution->leaf] =
            (struct kw_part){contribution->frequency,
                             score_leaf(evaluation->segment, document, scorers, contribution)};
    }
    (void)kw_additions_most(&additions, document, 0);
    kw_additions_begin(&additions, &contributions);
    for (int step = 0; step < KW_ADDITION_STEPS && status == KW_OK; step++)
        status = kw_additions_step(&additions, step, error);
    for (uint32_t i = 0; i < additions.count; i++)
        parts[plan->leaf_count + additions.numbers[i]] = additions.parts[additions.numbers[i]];
done:
    kw_additions_release(&additions);
    return status;
}

enum kw_status kw_rank_document(struct kw_segment *segment, uint32_t document,
                                const struct kw_plan *plan, const struct kw_statistics *statistics,
                                bool *matched, struct kw_part *parts, struct kw_error *error)
{
    struct kw_evaluation evaluation;
    *matched = false;
    if (!plan->root)
        return KW_OK;
    enum kw_status status =
        kw_evaluation_init(&evaluation, segment, plan, statistics->unions, statistics->memo, error);
    evaluation.work = statistics->work;
    if (status == KW_OK)
        *matched = evaluation.root->ops->advance(evaluation.root, document) == (int64_t)document;
    if (status == KW_OK && *matched && parts)
        status = fill_parts(&evaluation, document, statistics, parts, error);
    if (status == KW_OK)
        status = kw_evaluation_status(&evaluation, error);
    kw_evaluation_release(&evaluation);
    return status;
}
