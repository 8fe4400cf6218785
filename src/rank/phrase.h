/* The cursor of a phrase, exact or sloppy. */
#ifndef KW_RANK_PHRASE_H
#define KW_RANK_PHRASE_H

#include "rank/cursor.h"

/* A cursor over the documents that hold the leaf's terms, each at its offset, or within the leaf's
 * distance of that (rank/slop.h). *out lives in the evaluation's arena. KW_E_MEMORY, KW_E_DAMAGED.
 */
enum kw_status kw_phrase_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                    const struct kw_leaf *leaf, struct kw_error *error);

#endif
