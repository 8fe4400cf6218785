/* The cursor of an operand that is a group: the matches of all its alternatives. */
#ifndef KW_RANK_ANY_H
#define KW_RANK_ANY_H

#include "rank/cursor.h"

/* A cursor over the documents in which any of the leaf's operands matches. It never contributes.
 * *out lives in the evaluation's arena. Errors as kw_evaluation_init. */
enum kw_status kw_any_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                 const struct kw_leaf *leaf, uint32_t number,
                                 struct kw_error *error);

#endif
