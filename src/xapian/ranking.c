/* Ranks documents some thousands at a time, each time as a segment in memory. */
#include "xapian/ranking.h"

#include "xapian/candidates.h"
#include "xapian/documents.h"
#include "xapian/extract.h"

#include <stdlib.h>

enum {
    CHUNK = 10000,     /* documents that are ranked at once */
    MOST_NEAR = 10000, /* of which words near each other are looked for before few are ranked */
};

static int order_places(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    const struct kw_xapian_chunk *chunk = context;
    return kw_xapian_order(chunk->xapian, chunk->docids[a->document], chunk->docids[b->document]);
}

static int order_docids(void *context, const struct kw_hit *a, const struct kw_hit *b)
{
    return kw_xapian_order(context, (uint32_t)a->document, (uint32_t)b->document);
}

/* ---- Chunks ------------------------------------------------------------------------------- */

/* The place in the chunk of the document that facets leave out; one that there is not, if it is
 * elsewhere. */
static uint64_t skipped_place(const struct kw_xapian_chunk *chunk, uint64_t docid)
{
    for (uint32_t i = 0; i < chunk->count; i++)
        if (chunk->docids[i] == docid)
            return i;
    return UINT64_MAX;
}

/* Ranks the segment's documents into `own`, by their places. */
static enum kw_status rank_segment(struct kw_xapian_ranking *ranking, struct kw_segment *segment,
                                   struct kw_top *own, struct kw_error *error)
{
    struct kw_unions unions = {.count = 0};
    struct kw_term_memo memo = {.items = NULL};
    const struct kw_statistics statistics =
        kw_xapian_own_statistics(ranking->statistics, &unions, &memo);
    struct kw_facets *facets = ranking->facets;
    uint64_t skipped = facets ? facets->skipped : 0;
    if (facets)
        facets->skipped = skipped_place(&ranking->chunk, skipped);
    enum kw_status status = kw_rank_segment(segment, 0, ranking->plan, &statistics, own,
                                            &ranking->matches, facets, error);
    if (facets)
        facets->skipped = skipped;
    kw_unions_release(&unions);
    kw_memo_release(&memo);
    return status;
}

static enum kw_status rank_chunk(struct kw_xapian_ranking *ranking, struct kw_error *error)
{
    struct kw_xapian_chunk *chunk = &ranking->chunk;
    const struct kw_extracted documents = {.docids = chunk->docids,
                                           .count = chunk->count,
                                           .bulk = chunk->bulk,
                                           .bulk_places = chunk->bulk_places};
    struct kw_segment *segment;
    struct kw_top own = {.hits = NULL};
    enum kw_status status =
        kw_xapian_extract(chunk->xapian, &ranking->wanted, &documents, &segment, error);
    if (status == KW_OK)
        status =
            kw_top_init(&own, ranking->best.limit, ranking->best.by_id, order_places, chunk, error);
    own.falling = ranking->best.falling;
    own.sort = ranking->best.sort;
    own.engine = ranking->best.engine;
    if (status == KW_OK)
        status = rank_segment(ranking, segment, &own, error);
    for (size_t i = 0; i < own.count && status == KW_OK; i++) {
        struct kw_hit hit = own.hits[i];
        hit.document = chunk->docids[hit.document];
        status = kw_top_offer_hit(&ranking->best, &hit, error);
    }
    kw_top_release(&own);
    kw_segment_free(segment);
    return status;
}

/* Takes `count` items from number `first` of a page as the chunk. */
static enum kw_status take_chunk(struct kw_xapian_chunk *chunk, struct xc_mset *mset,
                                 uint32_t first, uint32_t count, struct kw_error *error)
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
static enum kw_status rank_page(struct kw_xapian_ranking *ranking, const struct xc_query *query,
                                uint32_t first, uint32_t *size, struct kw_error *error)
{
    struct xc_mset *mset = xc_mset_new();
    enum kw_status status = mset ? kw_xapian_page(ranking->chunk.xapian, query, first, mset, error)
                                 : kw_fail_memory(error);
    *size = status == KW_OK ? xc_mset_size(mset) : 0;
    for (uint32_t at = 0; at < *size && status == KW_OK; at += CHUNK) {
        uint32_t count = *size - at < CHUNK ? *size - at : CHUNK;
        status = take_chunk(&ranking->chunk, mset, at, count, error);
        if (status == KW_OK)
            status = rank_chunk(ranking, error);
    }
    xc_mset_free(mset);
    return status;
}

/* Makes `query` what finds the candidates. */
static enum kw_status make_query(const struct kw_xapian_ranking *ranking, struct xc_query *query,
                                 struct kw_error *error)
{
    struct kw_xapian *xapian = ranking->chunk.xapian;
    if (!ranking->only)
        return kw_xapian_superset(xapian, ranking->plan, query, error);
    return xc_query_set_copy(query, ranking->only) == XC_OK
               ? KW_OK
               : kw_xapian_failed(xapian, xc_query_error(query), error);
}

/* Ranks the candidates page by page. */
static enum kw_status rank_pages(struct kw_xapian_ranking *ranking, struct kw_error *error)
{
    struct xc_query *query = xc_query_new();
    uint32_t first = 0, size = KW_XAPIAN_PAGE;
    enum kw_status status = query ? make_query(ranking, query, error) : kw_fail_memory(error);
    while (status == KW_OK && size == KW_XAPIAN_PAGE) {
        status = rank_page(ranking, query, first, &size, error);
        first += size;
    }
    xc_query_free(query);
    return status;
}

/* ---- Of servers --------------------------------------------------------------------------- */

/* Gathers what a plan, the order and the facets need. */
static enum kw_status want(const struct kw_xapian_ranking *ranking, const struct kw_plan *plan,
                           struct kw_wanted *wanted, struct kw_error *error)
{
    const struct kw_facets *facets = ranking->facets;
    enum kw_status status = kw_wanted_init(wanted, plan, false, error);
    if (status == KW_OK && ranking->best.sort)
        status = kw_wanted_column(wanted, ranking->best.sort->field, true, error);
    for (size_t i = 0; facets && i < facets->count && status == KW_OK; i++)
        status = kw_wanted_column(wanted, facets->items[i].field, true, error);
    return status;
}

/* Whether nothing but ids orders what the plan matches: all scores are 0. */
static bool is_unscored(const struct kw_plan *plan)
{
    for (uint32_t i = 0; i < plan->leaf_count; i++)
        if (!plan->leaves[i].negated && plan->leaves[i].kind != KW_LEAF_FILTER)
            return false;
    return true;
}

/* Reads ahead what servers have of all candidates. */
static enum kw_status read_ahead(struct kw_xapian_ranking *ranking, struct kw_error *error)
{
    struct kw_xapian *xapian = ranking->chunk.xapian;
    struct xc_query *query = xc_query_new();
    bool ids = ranking->best.limit && (ranking->best.by_id || is_unscored(ranking->plan));
    enum kw_status status = query ? make_query(ranking, query, error) : kw_fail_memory(error);
    if (status == KW_OK)
        status = want(ranking, ranking->whole, &ranking->ahead, error);
    if (status == KW_OK)
        status = kw_bulk_init(&ranking->bulk, xapian, query, &ranking->ahead, ids, error);
    if (status == KW_OK && (ranking->plan == ranking->whole || ranking->bulk.count <= MOST_NEAR))
        status = kw_bulk_near(&ranking->bulk, xapian, query, error);
    ranking->chunk.bulk = &ranking->bulk;
    xc_query_free(query);
    return status;
}

/* Ranks the candidates with what is read ahead of all of them. */
static enum kw_status rank_bulk(struct kw_xapian_ranking *ranking, struct kw_error *error)
{
    struct kw_xapian_chunk *chunk = &ranking->chunk;
    enum kw_status status = read_ahead(ranking, error);
    for (uint32_t at = 0; at < ranking->bulk.count && status == KW_OK; at += CHUNK) {
        chunk->count = ranking->bulk.count - at < CHUNK ? ranking->bulk.count - at : CHUNK;
        for (uint32_t i = 0; i < chunk->count; i++) {
            chunk->docids[i] = ranking->bulk.docids[at + i];
            chunk->bulk_places[i] = at + i;
        }
        status = rank_chunk(ranking, error);
    }
    return status;
}

enum kw_status kw_xapian_rank_all(struct kw_xapian_ranking *ranking, struct kw_error *error)
{
    return kw_xapian_is_served(ranking->chunk.xapian) ? rank_bulk(ranking, error)
                                                      : rank_pages(ranking, error);
}

/* ---- The ranking -------------------------------------------------------------------------- */

enum kw_status kw_xapian_ranking_init(struct kw_xapian_ranking *ranking,
                                      const struct kw_search_job *job, const struct kw_plan *plan,
                                      const struct kw_statistics *statistics, size_t limit,
                                      struct kw_facets *facets, struct kw_error *error)
{
    const struct kw_top *top = job->top;
    *ranking = (struct kw_xapian_ranking){.chunk.xapian = job->xapian,
                                          .plan = plan,
                                          .statistics = statistics,
                                          .facets = facets,
                                          .only = job->only,
                                          .whole = job->plan};
    ranking->chunk.docids = malloc(CHUNK * sizeof *ranking->chunk.docids);
    ranking->chunk.bulk_places = malloc(CHUNK * sizeof *ranking->chunk.bulk_places);
    if (!ranking->chunk.docids || !ranking->chunk.bulk_places)
        return kw_fail_memory(error);
    enum kw_status status =
        kw_top_init(&ranking->best, limit, top->by_id, order_docids, job->xapian, error);
    ranking->best.falling = top->falling;
    ranking->best.sort = top->sort;
    ranking->best.engine = top->engine;
    return status == KW_OK ? want(ranking, plan, &ranking->wanted, error) : status;
}

void kw_xapian_ranking_release(struct kw_xapian_ranking *ranking)
{
    kw_bulk_release(&ranking->bulk);
    kw_wanted_release(&ranking->ahead);
    kw_wanted_release(&ranking->wanted);
    kw_top_release(&ranking->best);
    free(ranking->chunk.docids);
    free(ranking->chunk.bulk_places);
}

enum kw_status kw_xapian_ranking_publish(struct kw_xapian_ranking *ranking, struct kw_top *top,
                                         struct kw_error *error)
{
    enum kw_status status = kw_xapian_order_status(ranking->chunk.xapian, error);
    for (size_t i = 0; i < ranking->best.count && status == KW_OK; i++)
        status = kw_top_offer_hit(top, &ranking->best.hits[i], error);
    return status;
}

static int compare_docids(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

enum kw_status kw_xapian_rank_some(struct kw_xapian_ranking *ranking, uint32_t *docids,
                                   size_t count, struct kw_error *error)
{
    struct kw_xapian_chunk *chunk = &ranking->chunk;
    enum kw_status status = KW_OK;
    if (count)
        qsort(docids, count, sizeof *docids, compare_docids);
    for (size_t at = 0; at < count && status == KW_OK; at += CHUNK) {
        chunk->count = (uint32_t)(count - at < CHUNK ? count - at : CHUNK);
        memcpy(chunk->docids, docids + at, chunk->count * sizeof *docids);
        if (chunk->bulk)
            status = kw_bulk_places(chunk->bulk, chunk->xapian, chunk->docids, chunk->count,
                                    chunk->bulk_places, error);
        if (status == KW_OK)
            status = rank_chunk(ranking, error);
    }
    return status;
}
