/* Plans that Xapian's own weights score: those for which it has a query. */
#ifndef KW_QUERY_PARITY_H
#define KW_QUERY_PARITY_H

#include "query/plan.h"

/* Has the plan scored as Xapian 1.4 scores the query of the same shape over a database that kwic
 * wrote: words and stems by their own, phrases and NEARs by their words, patterns and words of
 * several terms as synonyms. KW_E_USAGE, the plan as it was: Xapian has no such query, as for edits
 * or slop. The plan has no additions. */
enum kw_status kw_plan_parity(struct kw_plan *plan, struct kw_error *error);

#endif
