/* The cursor of a group: what must, may and must not be in a document. */
#ifndef KW_RANK_GROUP_H
#define KW_RANK_GROUP_H

#include "rank/cursor.h"

/* A cursor over the documents that match the group `node`, whose children's cursors, in the query's
 * order, are `children` (in the evaluation's arena, as is *out). It releases them with itself.
 * KW_E_MEMORY. */
enum kw_status kw_group_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                   const struct kw_plan_node *node, struct kw_cursor **children,
                                   struct kw_error *error);

#endif
