/* Extracts: what a plan needs of some documents of a Xapian database, as a segment in memory that
 * the ranker takes as it takes our own. */
#ifndef KW_XAPIAN_EXTRACT_H
#define KW_XAPIAN_EXTRACT_H

#include "xapian/foreign.h"
#include "xapian/reader.h"
#include "xapian/wanted.h"

/* Makes a segment of `count` documents, by rising docid, that the caller frees; number i is
 * docids[i]. `titled`, NULL for none, says of which the title is searched; `fresh`, NULL for none,
 * is where terms stand in the text of the only document, if another program made the database.
 * KW_E_DAMAGED, KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_xapian_extract(struct kw_xapian *xapian, const struct kw_wanted *wanted,
                                 const uint32_t *docids, uint32_t count, const bool *titled,
                                 const struct kw_shown *fresh, struct kw_segment **out,
                                 struct kw_error *error);

#endif
