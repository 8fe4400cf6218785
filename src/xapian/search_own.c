/* Takes the best by Xapian's weights, more than are asked for, and scores them; then all that these
 * have not ruled out. */
#include "xapian/search_own.h"

#include "xapian/candidates.h"
#include "xapian/documents.h"
#include "xapian/weighing.h"

#include <stdlib.h>

enum {
    MOST = 10000, /* documents asked for that Xapian is asked for first */
    SPARE = 100,  /* documents that are taken beyond twice as many as are asked for … */
    SHARE = 8,    /* … or then at most one of so many that match: else all are ranked at once */
    FEW = 4,      /* matches are few if they are at most so many times as are taken first */
};

/* Sums in another order may differ by as much, relative to themselves. */
#define APART 1e-9

/* A document, its weight and id. */
struct weighed {
    uint32_t docid;
    double weight;
    struct kw_view id;
};

/* What Xapian found, the heaviest first. */
struct found {
    struct weighed *items;
    uint32_t count;
    uint64_t matches; /* in all */
    struct kw_arena arena;
};

/* A search. */
struct own {
    const struct kw_search_job *job;
    struct kw_weighing bounds;
    struct kw_top best; /* of what was scored, by docid */
    uint32_t scored;    /* the heaviest so many */
    double least;       /* that others have to weigh */
    uint64_t matches;
    bool done; /* no other one can be among the best */
};

static void release(struct found *found)
{
    free(found->items);
    kw_arena_release(&found->arena);
    *found = (struct found){.items = NULL};
}

static enum kw_status take(struct kw_xapian *xapian, struct xc_mset *mset, struct found *found,
                           struct kw_error *error)
{
    struct xc_item item;
    struct xc_text id;
    found->items = calloc((size_t)xc_mset_size(mset) + 1, sizeof *found->items);
    if (!found->items)
        return kw_fail_memory(error);
    for (uint32_t i = 0; i < xc_mset_size(mset); i++) {
        if (xc_mset_items(mset, i, 1, &item) != XC_OK || xc_mset_sort_key(mset, i, &id) != XC_OK)
            return kw_xapian_failed(xapian, xc_mset_error(mset), error);
        struct kw_view copy = kw_arena_copy(&found->arena, kw_xapian_view(id));
        if (!copy.data)
            return kw_fail_memory(error);
        found->items[found->count++] = (struct weighed){item.docid, item.weight, copy};
    }
    return KW_OK;
}

/* Asks for the heaviest `most`, and for how many match. */
static enum kw_status ask(const struct own *own, uint32_t most, struct found *found,
                          struct kw_error *error)
{
    struct kw_xapian *xapian = own->job->xapian;
    struct xc_match_counts counts;
    struct xc_mset *mset = xc_mset_new();
    enum kw_status status =
        mset ? kw_weighing_search(&own->bounds, xapian, most, mset, error) : kw_fail_memory(error);
    if (status == KW_OK && xc_mset_counts(mset, &counts) != XC_OK)
        status = kw_xapian_failed(xapian, xc_mset_error(mset), error);
    if (status == KW_OK && counts.matches_min != counts.matches_max)
        status = kw_fail(error, KW_E_IO, "'%s' does not count what matches", xapian->where);
    if (status == KW_OK)
        status = take(xapian, mset, found, error);
    if (status == KW_OK)
        found->matches = counts.matches_max;
    xc_mset_free(mset);
    return status;
}

/* ---- Scoring what was found --------------------------------------------------------------- */

/* Scores `count` documents. */
static enum kw_status score(struct own *own, const struct weighed *items, uint32_t count,
                            struct kw_error *error)
{
    struct xc_query *only = xc_query_new();
    struct kw_search_job some = *own->job;
    struct kw_view *ids = malloc(count * sizeof *ids);
    uint64_t matches = 0;
    some.top = &own->best;
    some.matches = &matches;
    some.only = only;
    enum kw_status status = only && ids ? KW_OK : kw_fail_memory(error);
    for (uint32_t i = 0; i < count && status == KW_OK; i++)
        ids[i] = items[i].id;
    if (status == KW_OK)
        status = kw_xapian_any_id(some.xapian, ids, count, only, error);
    if (status == KW_OK)
        status = kw_xapian_rank(&some, error);
    if (status == KW_OK && matches < count)
        status =
            kw_fail(error, KW_E_IO, "'%s' finds documents that do not match", some.xapian->where);
    xc_query_free(only);
    free(ids);
    return status;
}

/* Holds what was scored to what was found. */
static enum kw_status compare(const struct own *own, const struct weighed *items, uint32_t count,
                              struct kw_error *error)
{
    for (size_t i = 0; i < own->best.count; i++) {
        const struct kw_hit *hit = &own->best.hits[i];
        uint32_t k = 0;
        while (k < count && items[k].docid != hit->document)
            k++;
        if (k == count)
            continue; /* of those before, or one whose id has the term of another's */
        double most = items[k].weight + own->bounds.beyond;
        if (hit->score - most > APART * most ||
            (own->bounds.exact && most - hit->score > APART * most))
            return kw_fail(error, KW_E_IO, "'%s' weighs a document %.17g, its formula gives %.17g",
                           own->job->xapian->where, most, hit->score);
    }
    return KW_OK;
}

/* The least weight with which a document can be among the best, once as many as are asked for are
 * known. */
static double least_weight(const struct own *own)
{
    double least = kw_top_least(&own->best) - own->bounds.beyond;
    return least > 0 ? least * (1 - APART) : 0;
}

/* Scores those found from number own->scored on as long as they can be among the best: some, and
 * then, as fewer and fewer others can, more at once. */
static enum kw_status score_found(struct own *own, const struct found *found,
                                  struct kw_error *error)
{
    enum { MORE = 10, GROWTH = 4 };
    size_t step = own->job->top->limit + MORE;
    enum kw_status status = KW_OK;
    while (status == KW_OK) {
        const struct weighed *items = found->items + own->scored;
        uint32_t count = 0;
        while (own->scored + count < found->count && count < step &&
               items[count].weight >= own->least)
            count++;
        if (!count)
            break;
        status = score(own, items, count, error);
        if (status == KW_OK)
            status = compare(own, items, count, error);
        own->scored += count;
        own->least = least_weight(own);
        step *= GROWTH;
    }
    return status;
}

/* ---- Searching ---------------------------------------------------------------------------- */

static int order_docids(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    return kw_xapian_order(context, (uint32_t)a->document, (uint32_t)b->document);
}

/* How many documents Xapian is asked for first. */
static uint32_t first_share(const struct kw_top *top)
{
    return (uint32_t)(2 * top->limit + SPARE);
}

/* A round: the heaviest `most`. */
static enum kw_status try(struct own *own, uint32_t most, struct kw_error *error)
{
    struct found found = {.items = NULL};
    enum kw_status status = ask(own, most, &found, error);
    bool too_many = own->scored && found.count && found.count < found.matches &&
                    found.items[found.count - 1].weight >= own->least;
    own->matches = found.matches;
    if (status == KW_OK && !too_many)
        status = score_found(own, &found, error);
    own->done = !too_many && (own->scored < found.count || found.count == found.matches);
    release(&found);
    return status;
}

static enum kw_status publish(const struct own *own, struct kw_error *error)
{
    enum kw_status status = kw_xapian_order_status(own->job->xapian, error);
    for (size_t i = 0; i < own->best.count && status == KW_OK; i++)
        status = kw_top_offer_hit(own->job->top, &own->best.hits[i], error);
    *own->job->matches += own->matches;
    return status;
}

/* What share of all documents matches a part of the plan, if words were spread by chance. */
static double likely_share(const struct kw_search_job *job, const struct kw_plan_node *node)
{
    double share = 1, lacking = 1;
    if (node->kind == KW_PLAN_LEAF) {
        const struct kw_leaf *leaf = &job->plan->leaves[node->leaf];
        const uint64_t *frequencies = job->statistics->leaves[node->leaf].frequencies;
        if (leaf->negated || kw_leaf_figures(leaf) != 1 || !job->statistics->documents)
            return 1;
        return (double)frequencies[0] / (double)job->statistics->documents;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        double child = likely_share(job, node->children[i]);
        if (node->children[i]->occur == KW_MUST)
            share *= child;
        if (node->children[i]->occur == KW_SHOULD)
            lacking *= 1 - child;
    }
    return node->minimum ? share * (1 - lacking) : share;
}

/* Whether Xapian's matcher may be asked, and is worth it. It spares our ranker all candidates but
 * the best: those of words that are frequent, or any of which may match. Where a few hundred match,
 * the ranker alone is as quick (doc/benchmarks.md). With parity Xapian's weights are what is asked
 * for. */
static bool is_own(const struct kw_search_job *job)
{
    const struct kw_top *top = job->top;
    const double few = (double)FEW * first_share(top);
    if (top->limit >= MOST || top->sort || top->by_id || job->facets)
        return false;
    return job->way == KW_WAY_OWN || job->plan->parity ||
           likely_share(job, job->plan->root) * (double)job->statistics->documents > few;
}

/* Searches by bounds that are whole. */
static enum kw_status search(struct own *own, struct kw_error *error)
{
    const struct kw_search_job *job = own->job;
    enum kw_status status =
        kw_top_init(&own->best, job->top->limit, false, order_docids, job->xapian, error);
    own->best.engine = job->top->engine;
    if (status == KW_OK && !job->top->limit) {
        status = kw_xapian_count(job->xapian, own->bounds.query, &own->matches, error);
        own->done = true;
        return status;
    }
    if (status == KW_OK)
        status = try(own, first_share(job->top), error);
    if (status == KW_OK && !own->done && own->least > 0 && own->matches / SHARE > own->scored)
        status = try(own, (uint32_t)(own->matches / SHARE), error);
    return status;
}

enum kw_status kw_xapian_search_own(const struct kw_search_job *job, bool *done,
                                    struct kw_error *error)
{
    struct kw_work *work = job->statistics->work;
    const uint64_t spent = work->done; /* rounds are one search */
    struct own own = {.job = job};
    *done = false;
    if (!is_own(job))
        return KW_OK;
    enum kw_status status =
        kw_weighing_init(&own.bounds, job->xapian, job->plan, job->statistics, error);
    if (status == KW_OK && own.bounds.whole)
        status = search(&own, error);
    work->done = spent;
    if (status == KW_OK && own.done)
        status = publish(&own, error);
    *done = own.done;
    kw_top_release(&own.best);
    kw_weighing_release(&own.bounds);
    return status;
}
