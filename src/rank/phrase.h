/* Phrases: the cursor of one, and where it stands in a document. */
#ifndef KW_RANK_PHRASE_H
#define KW_RANK_PHRASE_H

#include "rank/cursor.h"
#include "rank/matches.h"

/* A cursor over the documents that hold the leaf's terms, each at its offset. *out lives in the
 * evaluation's arena. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_phrase_cursor_new(struct kw_cursor **out, struct kw_evaluation *evaluation,
                                    uint32_t leaf, struct kw_error *error);

/* Appends every place of the phrase `leaf` in `document` (overlapping ones too) to `matches`; none
 * if it does not hold it. KW_E_MEMORY, KW_E_DAMAGED. */
enum kw_status kw_phrase_matches(struct kw_segment *segment, const struct kw_plan *plan,
                                 uint32_t leaf, uint32_t document, struct kw_matches *matches,
                                 struct kw_error *error);

#endif
