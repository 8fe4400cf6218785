/* Ranks the candidates of a plan, in one step or in two. */
#include "xapian/search.h"

#include "xapian/documents.h"
#include "xapian/extract.h"
#include "xapian/ranking.h"
#include "xapian/schema.h"
#include "xapian/search_own.h"

#include <stdlib.h>

enum {
    SPARE = 100,           /* documents that are kept beyond twice as many as are asked for … */
    MOST_IN_STEPS = 10000, /* … unless these are so many */
    FEW = 10,              /* documents whose positions servers are asked for at once, at least */
};

/* ---- In one step -------------------------------------------------------------------------- */

/* Ranks all candidates by the whole plan. */
static enum kw_status search_at_once(const struct kw_search_job *asked, struct kw_error *error)
{
    struct kw_xapian_ranking all;
    struct kw_plan bare = *asked->plan;
    struct kw_search_job unscored = *asked;
    const struct kw_search_job *job = asked->top->limit ? asked : &unscored;
    bare.addition_count = 0; /* nobody asks for scores where nothing is kept */
    unscored.plan = &bare;
    enum kw_status status = kw_xapian_ranking_init(&all, job, job->plan, job->statistics,
                                                   job->top->limit, job->facets, error);
    if (status == KW_OK)
        status = kw_xapian_rank_all(&all, error);
    if (status == KW_OK)
        status = kw_xapian_ranking_publish(&all, job->top, error);
    if (status == KW_OK)
        *job->matches += all.matches;
    kw_xapian_ranking_release(&all);
    return status;
}

/* ---- In two steps ------------------------------------------------------------------------- */

/* What facets held before, so that rounds of one search count once. NULL when memory is out. */
static size_t *remember_facets(const struct kw_facets *facets)
{
    size_t *counts = calloc((facets ? facets->count : 0) + 1, sizeof *counts);
    for (size_t i = 0; counts && facets && i < facets->count; i++)
        counts[i] = facets->items[i].count;
    return counts;
}

static void restore_facets(struct kw_facets *facets, const size_t *counts)
{
    for (size_t i = 0; facets && i < facets->count; i++)
        facets->items[i].count = counts[i];
}

/* A plan without the additions that cost more than all else; they add to a score no more than
 * `most`. Words near each other ask where bare words stand. */
struct coarse {
    struct kw_plan plan;
    struct kw_statistics statistics;
    double most;
};

static bool is_costly(const struct kw_addition *addition)
{
    return addition->kind == KW_ADD_NEAR;
}

static bool is_any_costly(const struct kw_search_job *job)
{
    for (uint32_t i = 0; i < job->plan->addition_count; i++)
        if (is_costly(&job->plan->additions[i]))
            return true;
    return false;
}

static enum kw_status coarse_init(struct coarse *coarse, const struct kw_search_job *job,
                                  struct kw_arena *arena, struct kw_error *error)
{
    const struct kw_plan *plan = job->plan;
    struct kw_addition *additions = kw_arena_alloc(arena, plan->addition_count * sizeof *additions);
    struct kw_leaf_statistics *figures =
        kw_arena_alloc(arena, plan->addition_count * sizeof *figures);
    uint32_t count = 0;
    if (!additions || !figures)
        return kw_fail_memory(error);
    *coarse = (struct coarse){*plan, *job->statistics, 0};
    for (uint32_t i = 0; i < plan->addition_count; i++) {
        if (is_costly(&plan->additions[i])) {
            coarse->most += kw_bm25_addition(job->statistics, plan, i).weight;
            continue;
        }
        additions[count] = plan->additions[i];
        figures[count++] = job->statistics->additions[i];
    }
    coarse->plan.additions = additions;
    coarse->plan.addition_count = count;
    coarse->statistics.additions = figures;
    return KW_OK;
}

/* The best first. */
static int compare_hits(const void *left, const void *right)
{
    const struct kw_hit *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->document > b->document) - (a->document < b->document);
}

static enum kw_status rank_hits(struct kw_xapian_ranking *best, const struct kw_hit *hits,
                                size_t count, struct kw_error *error)
{
    uint32_t *docids = malloc((count + 1) * sizeof *docids);
    if (!docids)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        docids[i] = (uint32_t)hits[i].document;
    enum kw_status status = kw_xapian_rank_some(best, docids, count, error);
    free(docids);
    return status;
}

/* Whether scores have no say in what is best. */
static bool is_ordered(const struct kw_top *top)
{
    return top->by_id || top->sort;
}

/* Whether no document of at most this score by the coarse plan can be among the best. */
static bool is_beyond(const struct coarse *coarse, double score, const struct kw_top *best)
{
    /* A sum in another order may differ in its last bits. */
    return !is_ordered(best) && (score + coarse->most) * (1 + 1e-9) < kw_top_least(best);
}

/* Ranks what was kept by the whole plan, as much of it as can be among the best. *settled: whether
 * nothing else can. */
static enum kw_status rank_kept(const struct coarse *coarse, struct kw_xapian_ranking *kept,
                                struct kw_xapian_ranking *best, bool *settled,
                                struct kw_error *error)
{
    const size_t least = kept->chunk.bulk ? FEW : SPARE / 2;
    const size_t step = best->best.limit > least ? best->best.limit : least;
    struct kw_hit *hits = kept->best.hits;
    size_t count = kept->best.count, at = 0;
    enum kw_status status = KW_OK;
    *settled = count < kept->best.limit || is_ordered(&kept->best);
    best->chunk.bulk = kept->chunk.bulk;
    if (count)
        qsort(hits, count, sizeof *hits, compare_hits);
    while (at < count && status == KW_OK && !is_beyond(coarse, hits[at].score, &best->best)) {
        size_t some = count - at < step ? count - at : step;
        status = rank_hits(best, hits + at, some, error);
        at += some;
    }
    if (count && is_beyond(coarse, hits[at < count ? at : count - 1].score, &best->best))
        *settled = true;
    return status;
}

/* One round: `keep` documents by the coarse plan, these by the whole one. */
static enum kw_status try_coarse(const struct kw_search_job *job, const struct coarse *coarse,
                                 size_t keep, bool *settled, struct kw_error *error)
{
    struct kw_xapian_ranking kept, best;
    enum kw_status status = kw_xapian_ranking_init(&kept, job, &coarse->plan, &coarse->statistics,
                                                   keep, job->facets, error);
    if (status == KW_OK)
        status = kw_xapian_rank_all(&kept, error);
    if (status != KW_OK) {
        kw_xapian_ranking_release(&kept);
        return status;
    }
    status = kw_xapian_ranking_init(&best, job, job->plan, job->statistics, job->top->limit, NULL,
                                    error);
    if (status == KW_OK)
        status = rank_kept(coarse, &kept, &best, settled, error);
    *settled = status == KW_OK && *settled;
    if (*settled) {
        status = kw_xapian_ranking_publish(&best, job->top, error);
        *job->matches += kept.matches;
    }
    kw_xapian_ranking_release(&kept);
    kw_xapian_ranking_release(&best);
    return status;
}

/* Ranks first without what is near, keeping more than is asked for, then these few with it; keeps
 * still more until that is sure to be enough. */
static enum kw_status search_in_steps(const struct kw_search_job *job, struct kw_error *error)
{
    struct kw_arena arena = KW_ARENA_INIT;
    struct coarse coarse;
    bool settled = false;
    size_t limit = job->top->limit;
    size_t keep = is_ordered(job->top) ? limit : 2 * limit + SPARE;
    size_t *counts = remember_facets(job->facets);
    enum kw_status status =
        counts ? coarse_init(&coarse, job, &arena, error) : kw_fail_memory(error);
    struct kw_work *work = job->statistics->work;
    const uint64_t done = work->done; /* what counts is the last round's work */
    while (status == KW_OK && !settled) {
        restore_facets(job->facets, counts);
        work->done = done;
        status = try_coarse(job, &coarse, keep, &settled, error);
        keep *= 8;
    }
    kw_arena_release(&arena);
    free(counts);
    return status;
}

enum kw_status kw_xapian_rank(const struct kw_search_job *job, struct kw_error *error)
{
    const struct kw_top *top = job->top;
    bool few = top->limit > 0 && top->limit < MOST_IN_STEPS;
    return few && is_any_costly(job) ? search_in_steps(job, error) : search_at_once(job, error);
}

enum kw_status kw_xapian_search(const struct kw_search_job *job, struct kw_error *error)
{
    bool done = false;
    enum kw_status status = KW_OK;
    if (!job->plan->root)
        return KW_OK;
    if (job->way != KW_WAY_ALL)
        status = kw_xapian_search_own(job, &done, error);
    return status == KW_OK && !done ? kw_xapian_rank(job, error) : status;
}

/* ---- One document ------------------------------------------------------------------------- */

enum kw_status kw_xapian_judge(struct kw_xapian *xapian, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, uint32_t docid,
                               bool *matched, struct kw_part *parts, struct kw_error *error)
{
    struct kw_unions unions = {.count = 0};
    struct kw_term_memo memo = {.items = NULL};
    const struct kw_statistics own = kw_xapian_own_statistics(statistics, &unions, &memo);
    struct kw_extracted one = {.docids = &docid, .count = 1};
    struct kw_bulk bulk = {.count = 0};
    struct kw_segment *segment = NULL;
    struct kw_wanted wanted;
    struct kw_view id;
    uint32_t place;
    *matched = false;
    enum kw_status status = kw_wanted_init(&wanted, plan, false, error);
    if (status == KW_OK)
        status = kw_xapian_read_id(xapian, docid, &id, error);
    if (status == KW_OK && kw_xapian_is_served(xapian))
        status = kw_extract_ahead(&one, &bulk, &place, xapian, &wanted, &id, error);
    if (status == KW_OK)
        status = kw_xapian_extract(xapian, &wanted, &one, &segment, error);
    if (status == KW_OK)
        status = kw_rank_document(segment, 0, plan, &own, matched, parts, error);
    kw_unions_release(&unions);
    kw_memo_release(&memo);
    kw_segment_free(segment);
    kw_bulk_release(&bulk);
    kw_wanted_release(&wanted);
    return status;
}

enum kw_status kw_xapian_matches(struct kw_xapian *xapian, const struct kw_plan *plan,
                                 uint32_t docid, struct kw_matches *matches, struct kw_error *error)
{
    struct kw_extracted one = {.docids = &docid, .count = 1, .unmeasured = true};
    struct kw_unions unions = {.count = 0};
    struct kw_segment *segment = NULL;
    struct kw_shown fresh = {.terms = NULL};
    struct kw_wanted wanted;
    const struct kw_stored *stored;
    enum kw_status status = kw_wanted_init(&wanted, plan, true, error);
    if (status == KW_OK)
        status = kw_xapian_stored(xapian, docid, &stored, error);
    if (status == KW_OK && xapian->foreign)
        status = kw_shown_init(&fresh, xapian, &wanted, stored, error);
    if (status == KW_OK) {
        one.titled = &stored->record.title_searched;
        one.fresh = xapian->foreign ? &fresh : NULL;
        status = kw_xapian_extract(xapian, &wanted, &one, &segment, error);
    }
    kw_shown_release(&fresh);
    if (status == KW_OK)
        status = kw_rank_matches(segment, 0, plan, &unions, NULL, matches, error);
    kw_unions_release(&unions);
    kw_segment_free(segment);
    kw_wanted_release(&wanted);
    return status;
}
