/* Plans with parity as Xapian's own queries, matched and weighted by itself. */
#ifndef KW_XAPIAN_PARITY_H
#define KW_XAPIAN_PARITY_H

#include "xapian/weighing.h"

/* Fills `bounds`, which has a query, for a plan with parity: the weights are the scores, as far as
 * the database is all that is searched. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_xapian_parity_weighing(struct kw_xapian *xapian, const struct kw_plan *plan,
                                         const struct kw_statistics *statistics,
                                         struct kw_weighing *bounds, struct kw_error *error);

#endif
