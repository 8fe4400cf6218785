/* The cursor of a NEAR: documents in which its operands match near each other. */
#ifndef KW_RANK_NEAR_H
#define KW_RANK_NEAR_H

#include "rank/cursor.h"

/* A cursor over the documents that hold a match of the leaf (rank/chain.h). *out lives in the
 * evaluation's arena. Errors as kw_evaluation_init. */
enum kw_status kw_near_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                  const struct kw_leaf *leaf, uint32_t number,
                                  struct kw_error *error);

#endif
