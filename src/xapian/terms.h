/* Terms of a Xapian database in order, and those that a pattern accepts. */
#ifndef KW_XAPIAN_TERMS_H
#define KW_XAPIAN_TERMS_H

#include "xapian/reader.h"

/* As the op `terms` of engine.h. */
enum kw_status kw_xapian_terms_new(struct kw_term_stream **out, struct kw_xapian *xapian,
                                   struct kw_view field, struct kw_view begin, const char *language,
                                   struct kw_error *error);

/* As the op `expand`, but that a database changed meanwhile makes it fail with xapian->stale set,
 * some terms added. */
enum kw_status kw_xapian_expand(struct kw_xapian *xapian, struct kw_view field,
                                const struct kw_pattern *pattern, struct kw_found_terms *found,
                                struct kw_error *error);

#endif
