/* Searching a Xapian database with the ranker of our own. */
#ifndef KW_XAPIAN_SEARCH_H
#define KW_XAPIAN_SEARCH_H

#include "xapian/reader.h"

/* What the op `search` of engine.h takes. */
struct kw_search_job {
    struct kw_xapian *xapian;
    const struct kw_plan *plan;
    const struct kw_statistics *statistics;
    struct kw_top *top;
    uint64_t *matches;
    struct kw_facets *facets; /* NULL: none */
};

/* As the ops of engine.h of these names. */
enum kw_status kw_xapian_search(const struct kw_search_job *job, struct kw_error *error);
enum kw_status kw_xapian_judge(struct kw_xapian *xapian, const struct kw_plan *plan,
                               const struct kw_statistics *statistics, uint32_t docid,
                               bool *matched, struct kw_part *parts, struct kw_error *error);
enum kw_status kw_xapian_matches(struct kw_xapian *xapian, const struct kw_plan *plan,
                                 uint32_t docid, struct kw_matches *matches,
                                 struct kw_error *error);

#endif
