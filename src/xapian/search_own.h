/* Searching a Xapian database by its own matcher and weights. */
#ifndef KW_XAPIAN_SEARCH_OWN_H
#define KW_XAPIAN_SEARCH_OWN_H

#include "xapian/search.h"

/* Has Xapian's matcher answer a plan with parity, if it can: *done; if not, nothing was changed.
 * The documents are those that it finds, their scores those of its formula as kwic computes it, so
 * that a sum of parts is the same bits on all engines. KW_E_IO also if its weights are other ones.
 */
enum kw_status kw_xapian_search_own(const struct kw_search_job *job, bool *done,
                                    struct kw_error *error);

#endif
