/* What Xapian itself can tell of a filter: by ranges of values and by terms. */
#ifndef KW_XAPIAN_FILTERS_H
#define KW_XAPIAN_FILTERS_H

#include "query/filter.h"
#include "xapian/reader.h"

/* Makes `query` one that matches every document that passes the filter, and few others.
 * KW_E_MEMORY, KW_E_IO. */
enum kw_status kw_xapian_filter(struct kw_xapian *xapian, const struct kw_filter *filter,
                                struct xc_query *query, struct kw_error *error);

#endif
