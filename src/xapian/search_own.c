/* Takes the best by Xapian's weights, more than are asked for, and scores them. */
#include "xapian/search_own.h"

#include "xapian/parity.h"
#include "xapian/ranking.h"

#include <stdlib.h>

enum { SPARE = 100 }; /* documents that are taken beyond twice as many as are asked for */

/* Sums in another order may differ by as much, relative to themselves. */
#define APART 1e-9

/* A document and its weight. */
struct weighed {
    uint32_t docid;
    double weight;
};

/* What Xapian found, the heaviest first. */
struct found {
    struct weighed *items;
    uint32_t count;
    uint64_t matches; /* in all */
};

static enum kw_status take(struct kw_xapian *xapian, struct xc_mset *mset, struct found *found,
                           struct kw_error *error)
{
    struct xc_match_counts counts;
    struct xc_item item;
    found->count = xc_mset_size(mset);
    found->items = calloc((size_t)found->count + 1, sizeof *found->items);
    if (!found->items)
        return kw_fail_memory(error);
    if (xc_mset_counts(mset, &counts) != XC_OK)
        return kw_xapian_failed(xapian, xc_mset_error(mset), error);
    found->matches = counts.matches_max;
    for (uint32_t i = 0; i < found->count; i++) {
        if (xc_mset_items(mset, i, 1, &item) != XC_OK)
            return kw_xapian_failed(xapian, xc_mset_error(mset), error);
        found->items[i] = (struct weighed){item.docid, item.weight};
    }
    return KW_OK;
}

/* Scores what was found. */
static enum kw_status score(struct kw_xapian_ranking *best, const struct found *found,
                            struct kw_error *error)
{
    uint32_t *docids = malloc(((size_t)found->count + 1) * sizeof *docids);
    if (!docids)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < found->count; i++)
        docids[i] = found->items[i].docid;
    enum kw_status status = kw_xapian_rank_some(best, docids, found->count, error);
    free(docids);
    return status;
}

/* Holds what was scored to what was found. */
static enum kw_status compare(const struct kw_xapian_ranking *best, const struct found *found,
                              struct kw_error *error)
{
    const char *where = best->chunk.xapian->where;
    if (best->matches != found->count)
        return kw_fail(error, KW_E_IO, "'%s' finds documents that do not match", where);
    for (size_t i = 0; i < best->best.count; i++) {
        const struct kw_hit *hit = &best->best.hits[i];
        uint32_t k = 0;
        while (k < found->count && found->items[k].docid != hit->document)
            k++;
        double weight = found->items[k].weight;
        if (weight - hit->score > APART * weight || hit->score - weight > APART * weight)
            return kw_fail(error, KW_E_IO, "'%s' weighs a document %.17g, its formula gives %.17g",
                           where, weight, hit->score);
    }
    return KW_OK;
}

/* Whether no document that was not taken can be among the best. */
static bool is_settled(const struct kw_xapian_ranking *best, const struct found *found)
{
    const struct kw_top *top = &best->best;
    if (found->count == found->matches)
        return true;
    return top->count == top->limit &&
           found->items[found->count - 1].weight * (1 + APART) < top->hits[0].score;
}

/* One round: the best `most` by Xapian's weights. */
static enum kw_status try(const struct kw_search_job *job, const struct xc_query *query,
                          uint32_t most, bool *settled, struct kw_error *error)
{
    struct kw_xapian_ranking best;
    struct found found = {NULL, 0, 0};
    struct xc_mset *mset = xc_mset_new();
    enum kw_status status = kw_xapian_ranking_init(&best, job, job->plan, job->statistics,
                                                   job->top->limit, NULL, error);
    if (status == KW_OK)
        status = mset ? kw_xapian_own_search(job->xapian, query, most, mset, error)
                      : kw_fail_memory(error);
    if (status == KW_OK)
        status = take(job->xapian, mset, &found, error);
    if (status == KW_OK)
        status = score(&best, &found, error);
    if (status == KW_OK)
        status = compare(&best, &found, error);
    *settled = status == KW_OK && is_settled(&best, &found);
    if (*settled) {
        status = kw_xapian_ranking_publish(&best, job->top, error);
        *job->matches += found.matches;
    }
    kw_xapian_ranking_release(&best);
    free(found.items);
    xc_mset_free(mset);
    return status;
}

/* Makes the query, if Xapian would answer all of the plan as it is asked: *whole. Weights go by the
 * statistics of this database, and estimates by those of one that is not joined. */
static enum kw_status ask(const struct kw_search_job *job, struct xc_query *query, bool *whole,
                          struct kw_error *error)
{
    struct kw_xapian *xapian = job->xapian;
    struct xc_statistics all;
    *whole = false;
    if (xc_database_statistics(xapian->database, &all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    if (all.documents != job->statistics->documents || !kw_xapian_own_estimates(xapian, job->plan))
        return KW_OK;
    return kw_xapian_own_query(xapian, job->plan, query, whole, error);
}

enum kw_status kw_xapian_search_own(const struct kw_search_job *job, bool *done,
                                    struct kw_error *error)
{
    struct xc_query *query = xc_query_new();
    struct kw_work *work = job->statistics->work;
    const uint64_t spent = work->done; /* rounds are one search */
    bool whole = false;
    *done = false;
    enum kw_status status = query ? ask(job, query, &whole, error) : kw_fail_memory(error);
    for (size_t most = 2 * job->top->limit + SPARE; status == KW_OK && whole && !*done; most *= 8) {
        work->done = spent;
        status = try(job, query, most < UINT32_MAX ? (uint32_t)most : UINT32_MAX, done, error);
    }
    xc_query_free(query);
    return status;
}
