/* The cursor of a filter: the documents with a value in a column that passes. */
#ifndef KW_RANK_FILTER_H
#define KW_RANK_FILTER_H

#include "rank/cursor.h"

/* A cursor over the documents that pass the leaf's filter; it contributes nothing. *out lives in
 * the evaluation's arena. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_filter_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                    const struct kw_leaf *leaf, struct kw_error *error);

/* Whether `text` is what `pattern` describes: `*` is any run of characters, also an empty one, `?`
 * any one character (a byte where the text is no UTF-8), all else itself. Takes time of the product
 * of both sizes at most. */
bool kw_wildcard_match(struct kw_view pattern, struct kw_view text);

#endif
