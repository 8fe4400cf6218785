/* The plan while it is being made: nodes that own their leaf and can still change. Private to
 * plan.c and plan_merge.c. */
#ifndef KW_QUERY_PLAN_DRAFT_H
#define KW_QUERY_PLAN_DRAFT_H

#include "query/plan.h"

struct kw_draft {
    enum kw_plan_kind kind;
    enum kw_occur occur;
    struct kw_leaf leaf;        /* KW_PLAN_LEAF; `negated` is set when the plan is written */
    struct kw_draft **children; /* KW_PLAN_GROUP */
    uint32_t child_count;
};

/* Merges the equal words among the `count` children of a group: word leaves of the same occurrence,
 * terms and boost become the first of them, whose `repeats` is their sum. Keeps the order of the
 * rest, sets *count to what is left, and takes time linear in the terms. KW_E_MEMORY. */
enum kw_status kw_draft_merge(struct kw_draft **children, size_t *count, struct kw_error *error);

#endif
