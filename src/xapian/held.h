/* Documents of a Xapian database that are held fast: read once, and then given from memory whatever
 * becomes of the database. */
#ifndef KW_XAPIAN_HELD_H
#define KW_XAPIAN_HELD_H

#include "xapian/reader.h"

/* The op hold of engine.h. */
enum kw_status kw_xapian_hold(struct kw_engine **out, struct kw_xapian *xapian,
                              const struct kw_plan *plan, const uint64_t *documents, size_t count,
                              bool passages, struct kw_error *error);

#endif
