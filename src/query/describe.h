/* A plan in words, for people who want to know how their query was understood. */
#ifndef KW_QUERY_DESCRIBE_H
#define KW_QUERY_DESCRIBE_H

#include "query/plan.h"

/* Appends the plan to `out`, a line for each group, leaf and operand, indented by what it stands
 * in. A line begins with + where the part must match, - where it must not. The terms of an
 * expansion are named, up to `terms` of them. Nothing for a plan without a root. `out` is marked
 * failed if memory runs out. */
void kw_plan_describe(const struct kw_plan *plan, uint32_t terms, struct kw_bytes *out);

/* Appends what a leaf of the plan is, or else, from the number plan->leaf_count on, an addition of
 * it, in one line without its end: neither its boost nor the terms of expansions. */
void kw_part_describe(const struct kw_plan *plan, uint32_t number, struct kw_bytes *out);

#endif
