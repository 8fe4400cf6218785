/* Extracts: what a plan needs of some documents of a Xapian database, as a segment in memory that
 * the ranker takes as it takes our own. */
#ifndef KW_XAPIAN_EXTRACT_H
#define KW_XAPIAN_EXTRACT_H

#include "xapian/bulk.h"
#include "xapian/foreign.h"

/* The documents of a segment: number i is docids[i]. */
struct kw_extracted {
    const uint32_t *docids; /* rising */
    uint32_t count;
    const bool *titled;           /* of which the title is searched; NULL: of none */
    const struct kw_shown *fresh; /* if another program made the database, where terms stand in the
                                     text of the only document; NULL: nobody asks */
    bool unmeasured;              /* nobody asks for lengths */
    const struct kw_bulk *bulk;   /* what was read ahead of them, all that is wanted, or NULL … */
    const uint32_t *bulk_places;  /* … and where in it; rising */
};

/* Makes a segment, which the caller frees. KW_E_DAMAGED, KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_xapian_extract(struct kw_xapian *xapian, const struct kw_wanted *wanted,
                                 const struct kw_extracted *documents, struct kw_segment **out,
                                 struct kw_error *error);

/* Reads ahead what servers have of the documents, which their `ids` find: fills `bulk`, to be
 * released whatever this returns, and `places`, and hands both to `documents`. KW_E_IO,
 * KW_E_MEMORY. */
enum kw_status kw_extract_ahead(struct kw_extracted *documents, struct kw_bulk *bulk,
                                uint32_t *places, struct kw_xapian *xapian,
                                const struct kw_wanted *wanted, const struct kw_view *ids,
                                struct kw_error *error);

#endif
