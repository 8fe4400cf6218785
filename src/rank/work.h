/* How much a search may do, so that no query keeps anyone waiting who cannot have meant it. */
#ifndef KW_RANK_WORK_H
#define KW_RANK_WORK_H

#include "base/error.h"

#include <stdint.h>

/* Steps: a position that is looked at, or a document that a part of the query comes to; what takes
 * longer counts as several. The words of a plan take none where they are there for the first time.
 */
struct kw_work {
    uint64_t limit;
    uint64_t done;
};

/* Steps that any search may take, and for each word and document searched if that is more. */
enum { KW_WORK_LEAST = 100000000, KW_WORK_A_WORD = 2, KW_WORK_A_DOCUMENT = 400 };

/* The limit for so many documents with so many words in their texts. */
uint64_t kw_work_limit(uint64_t documents, uint64_t words);
/* Makes it the limit of `work`, unless that has a higher one from an earlier search. */
void kw_work_raise(struct kw_work *work, uint64_t documents, uint64_t words);

/* Takes `steps` more; a NULL `work` has no limit. KW_E_USAGE: they would be too many. */
enum kw_status kw_work_spend(struct kw_work *work, uint64_t steps, struct kw_error *error);

#endif
