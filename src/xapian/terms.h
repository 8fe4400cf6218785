/* Terms of a Xapian database in order, and those that a pattern accepts. */
#ifndef KW_XAPIAN_TERMS_H
#define KW_XAPIAN_TERMS_H

#include "xapian/reader.h"

/* As the op `terms` of engine.h; the stream refers to nothing and cannot fail. */
enum kw_status kw_xapian_terms_new(struct kw_term_stream **out, struct kw_xapian *xapian,
                                   struct kw_view field, struct kw_view begin, const char *language,
                                   struct kw_error *error);

/* Adds the number of the text's surface terms, or of its stems of a language. */
enum kw_status kw_xapian_count_terms(struct kw_xapian *xapian, const char *language,
                                     uint64_t *count, struct kw_error *error);

/* As the op `expand`. */
enum kw_status kw_xapian_expand(struct kw_xapian *xapian, struct kw_view field,
                                const struct kw_pattern *pattern, struct kw_found_terms *found,
                                struct kw_error *error);

#endif
