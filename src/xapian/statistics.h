/* What a Xapian database adds to the statistics of a search: Xapian's own figures, over all of its
 * shards, remote ones too. */
#ifndef KW_XAPIAN_STATISTICS_H
#define KW_XAPIAN_STATISTICS_H

#include "xapian/reader.h"

/* Adds the database's figures for the plan. KW_E_IO, KW_E_DAMAGED, KW_E_MEMORY. */
enum kw_status kw_xapian_statistics(struct kw_xapian *xapian, const struct kw_plan *plan,
                                    struct kw_statistics *statistics, struct kw_error *error);

/* Forgets all figures: the database is reopened or closed. */
void kw_xapian_statistics_forget(struct kw_xapian *xapian);

/* Fills *all, and *documents with how many of them are documents: others may be none
 * (foreign.h). */
enum kw_status kw_xapian_documents(struct kw_xapian *xapian, struct xc_statistics *all,
                                   uint64_t *documents, struct kw_error *error);

#endif
