/* Plans with parity as Xapian's own queries, matched and weighted by itself. */
#ifndef KW_XAPIAN_PARITY_H
#define KW_XAPIAN_PARITY_H

#include "xapian/reader.h"

/* Makes `query` what Xapian's matcher is asked for a plan with parity; *whole is whether it has all
 * of it: filters it has not. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_xapian_own_query(struct kw_xapian *xapian, const struct kw_plan *plan,
                                   struct xc_query *query, bool *whole, struct kw_error *error);

/* Whether Xapian weighs the plan's synonyms by the estimates of kw_synonym_frequency: joined
 * databases make estimates of their own where there are more than two. */
bool kw_xapian_own_estimates(const struct kw_xapian *xapian, const struct kw_plan *plan);

/* Searches with its BM25Weight: `mset` is the best `most`, the heaviest first. */
enum kw_status kw_xapian_own_search(struct kw_xapian *xapian, const struct xc_query *query,
                                    uint32_t most, struct xc_mset *mset, struct kw_error *error);

#endif
