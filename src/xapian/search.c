/* Ranks the candidates of a plan, some thousands at a time, each time as a segment in memory. */
#include "xapian/search.h"

#include "xapian/candidates.h"
#include "xapian/documents.h"
#include "xapian/extract.h"

#include <stdlib.h>

enum { CHUNK = 10000 }; /* candidates that are ranked at once */

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
                                              chunk->count, NULL, &segment, error);
    if (status == KW_OK)
        status =
            kw_top_init(&own, search->best.limit, search->best.by_id, order_places, chunk, error);
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
        status = kw_wanted_column(&search->wanted, search->best.sort->field, error);
    for (size_t i = 0; facets && i < facets->count && status == KW_OK; i++)
        status = kw_wanted_column(&search->wanted, facets->items[i].field, error);
    return status;
}

/* What facets held before, so that a search that is repeated counts once. */
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
static enum kw_status publish(struct search *search, struct kw_top *top, uint64_t *matches,
                              struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < search->best.count && status == KW_OK; i++)
        status = kw_top_offer_hit(top, &search->best.hits[i], error);
    *matches += search->matches;
    return status;
}

enum kw_status kw_xapian_search(struct kw_xapian *xapian, const struct kw_plan *plan,
                                const struct kw_statistics *statistics, struct kw_top *top,
                                uint64_t *matches, struct kw_facets *facets, struct kw_error *error)
{
    struct search search = {
        .chunk.xapian = xapian, .plan = plan, .statistics = statistics, .facets = facets};
    if (!plan->root)
        return KW_OK;
    size_t *counts = remember_facets(facets);
    search.chunk.docids = malloc(CHUNK * sizeof *search.chunk.docids);
    enum kw_status status =
        kw_top_init(&search.best, top->limit, top->by_id, order_docids, xapian, error);
    if (status == KW_OK && (!counts || !search.chunk.docids))
        status = kw_fail_memory(error);
    search.best.sort = top->sort;
    search.best.engine = top->engine;
    if (status == KW_OK)
        status = want(&search, error);
    if (status == KW_OK)
        status = rank_all(&search, error);
    if (status == KW_OK)
        status = kw_xapian_order_status(xapian, error);
    if (status == KW_OK)
        status = publish(&search, top, matches, error);
    else if (counts)
        restore_facets(facets, counts);
    kw_wanted_release(&search.wanted);
    kw_top_release(&search.best);
    free(search.chunk.docids);
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
        status = kw_xapian_extract(xapian, &wanted, &docid, 1, NULL, &segment, error);
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
    struct kw_wanted wanted;
    const struct kw_stored *stored;
    enum kw_status status = kw_wanted_init(&wanted, plan, true, error);
    if (status == KW_OK)
        status = kw_xapian_stored(xapian, docid, &stored, error);
    if (status == KW_OK)
        status = kw_xapian_extract(xapian, &wanted, &docid, 1, &stored->record.title_searched,
                                   &segment, error);
    if (status == KW_OK)
        status = kw_rank_matches(segment, 0, plan, &unions, matches, error);
    kw_unions_release(&unions);
    kw_segment_free(segment);
    kw_wanted_release(&wanted);
    return status;
}
