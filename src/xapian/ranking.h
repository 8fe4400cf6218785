/* The ranker of our own at work on a Xapian database: what it makes of all candidates of a plan, or
 * of some documents. */
#ifndef KW_XAPIAN_RANKING_H
#define KW_XAPIAN_RANKING_H

#include "xapian/bulk.h"
#include "xapian/search.h"
#include "xapian/wanted.h"

/* The documents of a segment at hand, and whose they are. */
struct kw_xapian_chunk {
    struct kw_xapian *xapian;
    uint32_t *docids;
    uint32_t count;
    const struct kw_bulk *bulk; /* what was read ahead of them, or NULL … */
    uint32_t *bulk_places;      /* … and where in it */
};

struct kw_xapian_ranking {
    struct kw_xapian_chunk chunk;
    const struct kw_plan *plan;
    const struct kw_statistics *statistics;
    struct kw_wanted wanted;
    struct kw_top best;          /* of all chunks, by docid */
    const struct kw_plan *whole; /* for which servers are asked: the plan, or more than it … */
    struct kw_wanted ahead;      /* … what they are asked … */
    struct kw_bulk bulk;         /* … and what they tell of all candidates */
    struct kw_facets *facets;
    const struct xc_query *only; /* as the job's */
    uint64_t matches;
};

/* Makes ready to keep `limit` documents of a search by `plan`; of what follows the job's top
 * decides. Release it whatever it returns. KW_E_MEMORY. */
enum kw_status kw_xapian_ranking_init(struct kw_xapian_ranking *ranking,
                                      const struct kw_search_job *job, const struct kw_plan *plan,
                                      const struct kw_statistics *statistics, size_t limit,
                                      struct kw_facets *facets, struct kw_error *error);
void kw_xapian_ranking_release(struct kw_xapian_ranking *ranking);

/* Ranks all candidates that Xapian finds for the plan. */
enum kw_status kw_xapian_rank_all(struct kw_xapian_ranking *ranking, struct kw_error *error);
/* Ranks those of some candidates that match; sorts `docids`. */
enum kw_status kw_xapian_rank_some(struct kw_xapian_ranking *ranking, uint32_t *docids,
                                   size_t count, struct kw_error *error);

/* Hands over what was found. */
enum kw_status kw_xapian_ranking_publish(struct kw_xapian_ranking *ranking, struct kw_top *top,
                                         struct kw_error *error);

/* The statistics for one segment, with unions and terms of its own: another one may come to lie
 * where it was. */
static inline struct kw_statistics kw_xapian_own_statistics(const struct kw_statistics *statistics,
                                                            struct kw_unions *unions,
                                                            struct kw_term_memo *memo)
{
    struct kw_statistics own = *statistics;
    own.unions = unions;
    own.memo = memo;
    return own;
}

#endif
