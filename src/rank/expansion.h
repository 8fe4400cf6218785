/* The cursor of an expansion: the union of its terms. */
#ifndef KW_RANK_EXPANSION_H
#define KW_RANK_EXPANSION_H

#include "rank/cursor.h"

/* A cursor over the documents that hold any of the expansion's terms; their frequencies add up.
 * *out lives in the evaluation's arena. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_expansion_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                       const struct kw_leaf *leaf, struct kw_error *error);

#endif
