/* Searching a Xapian database with the ranker of our own. */
#ifndef KW_XAPIAN_SEARCH_H
#define KW_XAPIAN_SEARCH_H

#include "xapian/reader.h"

/* Who ranks. */
enum kw_way {
    KW_WAY_QUICK, /* whoever is quicker */
    KW_WAY_OWN,   /* Xapian's matcher first, wherever it can (search_own.h) */
    KW_WAY_ALL,   /* our ranker alone, all that can match */
};

/* What the op `search` of engine.h takes. */
struct kw_search_job {
    struct kw_xapian *xapian;
    const struct kw_plan *plan;
    const struct kw_statistics *statistics;
    struct kw_top *top;
    uint64_t *matches;
    struct kw_facets *facets;    /* NULL: none */
    enum kw_way way;             /* tests choose */
    const struct xc_query *only; /* what alone can match; NULL: whatever the plan lets */
};

/* Searches by our ranker alone. */
enum kw_status kw_xapian_rank(const struct kw_search_job *job, struct kw_error *error);

/* As the ops of engine.h of these names. */
enum kw_status kw_xapian_search(const struct kw_search_job *job, struct kw_error *error);
enum kw_status kw_xapian_judge(struct kw_xapian *xapian, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, uint32_t docid,
                               bool *matched, struct kw_part *parts, struct kw_error *error);
enum kw_status kw_xapian_matches(struct kw_xapian *xapian, const struct kw_plan *plan,
                                 uint32_t docid, struct kw_matches *matches,
                                 struct kw_error *error);

#endif
