/* The cursor of a word: the union of its terms' postings. */
#ifndef KW_RANK_WORD_H
#define KW_RANK_WORD_H

#include "rank/cursor.h"

/* A cursor over the documents that hold any of the leaf's terms; their frequencies add up. *out
 * lives in the evaluation's arena. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_word_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                  const struct kw_leaf *leaf, struct kw_error *error);

#endif
