/* Additions to a plan: what raises the score of documents that match. */
#ifndef KW_QUERY_ADDITIONS_H
#define KW_QUERY_ADDITIONS_H

#include "query/plan.h"

/* Gives the plan the additions of its leaves that `weights` asks for, in time n log n. KW_E_MEMORY.
 */
enum kw_status kw_plan_add(struct kw_plan *plan, const struct kw_addition_weights *weights,
                           struct kw_error *error);

#endif
