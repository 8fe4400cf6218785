/* Searching a Xapian database by its own matcher and weights. */
#ifndef KW_XAPIAN_SEARCH_OWN_H
#define KW_XAPIAN_SEARCH_OWN_H

#include "xapian/search.h"

/* Has Xapian's matcher find what is best, if it can (weighing.h) and, unless the job's way or
 * parity asks for it, that is worth it: *done; if not, nothing was changed. Of the heaviest
 * documents our ranker scores as many as can be among the best by what they weigh, so that scores,
 * and ties, are those of all engines to the last bit, and the answer is that of kw_xapian_rank.
 * KW_E_IO also if a score is beyond the weight. */
enum kw_status kw_xapian_search_own(const struct kw_search_job *job, bool *done,
                                    struct kw_error *error);

#endif
