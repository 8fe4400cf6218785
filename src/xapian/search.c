/* Ranks the candidates of a plan, some thousands at a time, each time as a segment in memory. */
#include "xapian/search.h"

#include "xapian/candidates.h"
#include "xapian/documents.h"
#include "xapian/extract.h"

#include <stdlib.h>

enum {
    CHUNK = 10000,         /* candidates that are ranked at once */
    SPARE = 100,           /* documents that are kept beyond twice as many as are asked for … */
    MOST_IN_STEPS = 10000, /* … unless these are so many */
};

/* The documents of a segment at hand, and whose they are. */
struct chunk {
    struct kw_xapian *xapian;
    uint32_t *docids;
    uint32_t count;
};

struct search {
    struct chunk chunk;
    const struct kw_plan *plan;
    const struct kw_statistics *statistics;
    struct kw_wanted wanted;
    struct kw_top best; /* of all chunks, by docid */
    struct kw_facets *facets;
    uint64_t matches;
};

static int order_places(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    const struct chunk *chunk = context;
    return kw_xapian_order(chunk->xapian, chunk->docids[a->document], chunk->docids[b->document]);
}

static int order_docids(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    return kw_xapian_order(context, (uint32_t)a->document, (uint32_t)b->document);
}

/* The statistics for one segment, with unions of its own: another one may come to lie where it was.
 */
static struct kw_statistics statistics_for(const struct kw_statistics *statistics,
                                           struct kw_unions *unions)
{
    struct kw_statistics own = *statistics;
    own.unions = unions;
    return own;
}

/* ---- Chunks ------------------------------------------------------------------------------- */

/* The place in the chunk of the document that facets leave out; one that there is not, if it is
 * elsewhere. */
static uint64_t skipped_place(const struct chunk *chunk, uint64_t docid)
{
    for (uint32_t i = 0; i < chunk->count; i++)
        if (chunk->docids[i] == docid)
            return i;
    return UINT64_MAX;
}

/* Ranks the segment's documents into `own`, by their places. */
static enum kw_status rank_segment(struct search *search, struct kw_segment *segment,
                                   struct kw_top *own, struct kw_error *error)
{
    struct kw_unions unions = {.count = 0};
    const struct kw_statistics statistics = statistics_for(search->statistics, &unions);
    struct kw_facets *facets = search->facets;
    uint64_t skipped = facets ? facets->skipped : 0;
    if (facets)
        facets->skipped = skipped_place(&search->chunk, skipped);
    enum kw_status status = kw_rank_segment(segment, 0, search->plan, &statistics, own,
                                            &search->matches, facets, error);
    if (facets)
        facets->skipped = skipped;
    kw_unions_release(&unions);
    return status;
}

static enum kw_status rank_chunk(struct search *search, struct kw_error *error)
{
    struct chunk *chunk = &search->chunk;
    struct kw_segment *segment;
    struct kw_top own = {.hits = NULL};
    enum kw_status status = kw_xapian_extract(chunk->xapian, &search->wanted, chunk->docids,
                                              chunk->count, NULL, NULL, &segment, error);
    if (status == KW_OK)
        status =
            kw_top_init(&own, search->best.limit, search->best.by_id, order_places, chunk, error);
    own.falling = search->best.falling;
    own.sort = search->best.sort;
    own.engine = search->best.engine;
    if (status == KW_OK)
        status = rank_segment(search, segment, &own, error);
    for (size_t i = 0; i < own.count && status == KW_OK; i++) {
        struct kw_hit hit = own.hits[i];
        hit.document = chunk->docids[hit.document];
        status = kw_top_offer_hit(&search->best, &hit, error);
    }
    kw_top_release(&own);
    kw_segment_free(segment);
    return status;
}

/* Takes `count` items from number `first` of a page as the chunk. */
static enum kw_status take_chunk(struct chunk *chunk, struct xc_mset *mset, uint32_t first,
                                 uint32_t count, struct kw_error *error)
{
    static const uint32_t batch = 100;
    struct xc_item items[100];
    chunk->count = 0;
    while (chunk->count < count) {
        uint32_t some = count - chunk->count < batch ? count - chunk->count : batch;
        if (xc_mset_items(mset, first + chunk->count, some, items) != XC_OK)
            return kw_xapian_failed(chunk->xapian, xc_mset_error(mset), error);
        for (uint32_t i = 0; i < some; i++) {
            uint32_t at = chunk->count++;
            chunk->docids[at] = items[i].docid;
            if (at && chunk->docids[at - 1] >= items[i].docid)
                return kw_fail(error, KW_E_IO, "'%s' gives documents in no order",
                               chunk->xapian->where);
        }
    }
    return KW_OK;
}

/* Ranks the candidates of a page; *size is how many there were. */
static enum kw_status rank_page(struct search *search, const struct xc_query *query, uint32_t first,
                                uint32_t *size, struct kw_error *error)
{
    struct xc_mset *mset = xc_mset_new();
    enum kw_status status = mset ? kw_xapian_page(search->chunk.xapian, query, first, mset, error)
                                 : kw_fail_memory(error);
    *size = status == KW_OK ? xc_mset_size(mset) : 0;
    for (uint32_t at = 0; at < *size && status == KW_OK; at += CHUNK) {
        uint32_t count = *size - at < CHUNK ? *size - at : CHUNK;
        status = take_chunk(&search->chunk, mset, at, count, error);
        if (status == KW_OK)
            status = rank_chunk(search, error);
    }
    xc_mset_free(mset);
    return status;
}

static enum kw_status rank_all(struct search *search, struct kw_error *error)
{
    struct xc_query *query = xc_query_new();
    uint32_t first = 0, size = KW_XAPIAN_PAGE;
    enum kw_status status =
        query ? kw_xapian_superset(search->chunk.xapian, search->plan, query, error)
              : kw_fail_memory(error);
    while (status == KW_OK && size == KW_XAPIAN_PAGE) {
        status = rank_page(search, query, first, &size, error);
        first += size;
    }
    xc_query_free(query);
    return status;
}

/* ---- Searching ---------------------------------------------------------------------------- */

/* Gathers what the plan, the order and the facets need. */
static enum kw_status want(struct search *search, struct kw_error *error)
{
    const struct kw_facets *facets = search->facets;
    enum kw_status status = kw_wanted_init(&search->wanted, search->plan, false, error);
    if (status == KW_OK && search->best.sort)
        status = kw_wanted_column(&search->wanted, search->best.sort->field, true, error);
    for (size_t i = 0; facets && i < facets->count && status == KW_OK; i++)
        status = kw_wanted_column(&search->wanted, facets->items[i].field, true, error);
    return status;
}

/* Makes ready to keep `limit` documents of a search by `plan`; of what follows `top` decides. */
static enum kw_status begin(struct search *search, struct kw_xapian *xapian,
                            const struct kw_plan *plan, const struct kw_statistics *statistics,
                            const struct kw_top *top, size_t limit, struct kw_error *error)
{
    *search = (struct search){.chunk.xapian = xapian, .plan = plan, .statistics = statistics};
    search->chunk.docids = malloc(CHUNK * sizeof *search->chunk.docids);
    if (!search->chunk.docids)
        return kw_fail_memory(error);
    enum kw_status status =
        kw_top_init(&search->best, limit, top->by_id, order_docids, xapian, error);
    search->best.falling = top->falling;
    search->best.sort = top->sort;
    search->best.engine = top->engine;
    return status;
}

static void end(struct search *search)
{
    kw_wanted_release(&search->wanted);
    kw_top_release(&search->best);
    free(search->chunk.docids);
}

/* What facets held before, so that a search that is repeated counts once. NULL when memory is out.
 */
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

/* Hands over what was found. */
static enum kw_status publish(struct search *search, struct kw_top *top, struct kw_error *error)
{
    enum kw_status status = kw_xapian_order_status(search->chunk.xapian, error);
    for (size_t i = 0; i < search->best.count && status == KW_OK; i++)
        status = kw_top_offer_hit(top, &search->best.hits[i], error);
    return status;
}

/* Ranks all candidates by the whole plan. */
static enum kw_status search_at_once(const struct kw_search_job *job, struct kw_error *error)
{
    struct search search;
    enum kw_status status =
        begin(&search, job->xapian, job->plan, job->statistics, job->top, job->top->limit, error);
    search.facets = job->facets;
    if (status == KW_OK)
        status = want(&search, error);
    if (status == KW_OK)
        status = rank_all(&search, error);
    if (status == KW_OK)
        status = publish(&search, job->top, error);
    if (status == KW_OK)
        *job->matches += search.matches;
    end(&search);
    return status;
}

/* ---- In two steps ------------------------------------------------------------------------- */

/* A plan without its words near each other: these alone ask where bare words stand, which costs
 * more than all else, and they add to a score no more than `most`. */
struct coarse {
    struct kw_plan plan;
    struct kw_statistics statistics;
    double most;
};

static bool has_nears(const struct kw_plan *plan)
{
    for (uint32_t i = 0; i < plan->addition_count; i++)
        if (plan->additions[i].kind == KW_ADD_NEAR)
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
        if (plan->additions[i].kind == KW_ADD_NEAR) {
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

static int compare_docids(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Ranks the documents of some hits by the whole plan. */
static enum kw_status rank_hits(struct search *search, const struct kw_top *hits,
                                struct kw_error *error)
{
    uint32_t *docids = malloc((hits->count + 1) * sizeof *docids);
    enum kw_status status = docids ? KW_OK : kw_fail_memory(error);
    for (size_t i = 0; i < hits->count && status == KW_OK; i++)
        docids[i] = (uint32_t)hits->hits[i].document;
    if (status == KW_OK)
        qsort(docids, hits->count, sizeof *docids, compare_docids);
    for (size_t at = 0; at < hits->count && status == KW_OK; at += CHUNK) {
        search->chunk.count = (uint32_t)(hits->count - at < CHUNK ? hits->count - at : CHUNK);
        memcpy(search->chunk.docids, docids + at, search->chunk.count * sizeof *docids);
        status = rank_chunk(search, error);
    }
    free(docids);
    return status;
}

/* Whether no document that the coarse search did not keep can be among the best. */
static bool is_settled(const struct coarse *coarse, const struct search *kept,
                       const struct search *best)
{
    const struct kw_top *some = &kept->best, *top = &best->best;
    if (some->count < some->limit || some->by_id)
        return true;
    /* A sum in another order may differ in its last bits. */
    return top->count == top->limit &&
           (some->hits[0].score + coarse->most) * (1 + 1e-9) < top->hits[0].score;
}

/* One round: `keep` documents by the coarse plan, these by the whole one. */
static enum kw_status try_coarse(const struct kw_search_job *job, const struct coarse *coarse,
                                 size_t keep, bool *settled, struct kw_error *error)
{
    struct search kept, best = {.facets = NULL};
    enum kw_status status =
        begin(&kept, job->xapian, &coarse->plan, &coarse->statistics, job->top, keep, error);
    kept.facets = job->facets;
    if (status == KW_OK)
        status = want(&kept, error);
    if (status == KW_OK)
        status = rank_all(&kept, error);
    if (status == KW_OK)
        status =
            begin(&best, job->xapian, job->plan, job->statistics, job->top, job->top->limit, error);
    if (status == KW_OK)
        status = want(&best, error);
    if (status == KW_OK)
        status = rank_hits(&best, &kept.best, error);
    *settled = status == KW_OK && is_settled(coarse, &kept, &best);
    if (*settled) {
        status = publish(&best, job->top, error);
        *job->matches += kept.matches;
    }
    end(&kept);
    end(&best);
    return status;
}

/* Ranks first without what is near, keeping more than is asked for, then these few with it; keeps
 * still more until that is sure to be enough. */
static enum kw_status search_in_steps(const struct kw_search_job *job, const size_t *counts,
                                      struct kw_error *error)
{
    struct kw_arena arena = KW_ARENA_INIT;
    struct coarse coarse;
    bool settled = false;
    size_t limit = job->top->limit;
    size_t keep = job->top->by_id ? limit : 2 * limit + SPARE;
    enum kw_status status = coarse_init(&coarse, job, &arena, error);
    struct kw_work *work = job->statistics->work;
    const uint64_t done =
        work->done; /* rounds are one search: what counts is the last one's work */
    while (status == KW_OK && !settled) {
        restore_facets(job->facets, counts);
        work->done = done;
        status = try_coarse(job, &coarse, keep, &settled, error);
        keep *= 8;
    }
    kw_arena_release(&arena);
    return status;
}

enum kw_status kw_xapian_search(const struct kw_search_job *job, struct kw_error *error)
{
    const struct kw_top *top = job->top;
    if (!job->plan->root)
        return KW_OK;
    size_t *counts = remember_facets(job->facets);
    if (!counts)
        return kw_fail_memory(error);
    bool steps = top->limit > 0 && top->limit < MOST_IN_STEPS && !top->sort && has_nears(job->plan);
    enum kw_status status =
        steps ? search_in_steps(job, counts, error) : search_at_once(job, error);
    if (status != KW_OK)
        restore_facets(job->facets, counts);
    free(counts);
    return status;
}

/* ---- One document ------------------------------------------------------------------------- */

enum kw_status kw_xapian_judge(struct kw_xapian *xapian, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, uint32_t docid,
                               bool *matched, struct kw_part *parts, struct kw_error *error)
{
    struct kw_unions unions = {.count = 0};
    const struct kw_statistics own = statistics_for(statistics, &unions);
    struct kw_segment *segment = NULL;
    struct kw_wanted wanted;
    struct kw_view id;
    *matched = false;
    enum kw_status status = kw_wanted_init(&wanted, plan, false, error);
    if (status == KW_OK)
        status = kw_xapian_read_id(xapian, docid, &id, error);
    if (status == KW_OK)
        status = kw_xapian_extract(xapian, &wanted, &docid, 1, NULL, NULL, &segment, error);
    if (status == KW_OK)
        status = kw_rank_document(segment, 0, plan, &own, matched, parts, error);
    kw_unions_release(&unions);
    kw_segment_free(segment);
    kw_wanted_release(&wanted);
    return status;
}

enum kw_status kw_xapian_matches(struct kw_xapian *xapian, const struct kw_plan *plan,
                                 uint32_t docid, struct kw_matches *matches, struct kw_error *error)
{
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
    if (status == KW_OK)
        status = kw_xapian_extract(xapian, &wanted, &docid, 1, &stored->record.title_searched,
                                   xapian->foreign ? &fresh : NULL, &segment, error);
    kw_shown_release(&fresh);
    if (status == KW_OK)
        status = kw_rank_matches(segment, 0, plan, &unions, matches, error);
    kw_unions_release(&unions);
    kw_segment_free(segment);
    kw_wanted_release(&wanted);
    return status;
}
