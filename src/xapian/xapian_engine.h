/* The engine of Xapian databases: what kwic wrote, what a stub file joins, what servers hold, and
 * what other programs made. */
#ifndef KW_XAPIAN_XAPIAN_ENGINE_H
#define KW_XAPIAN_XAPIAN_ENGINE_H

#include "engine/engine.h"
#include "engine/foreign.h"

/* Opens what `where` ("xapian:…") names for reading; what kwic did not write as `foreign` says, or,
 * if that is NULL, not at all. KW_E_USAGE, KW_E_NO_INDEX (nothing there, or nothing of kwic's),
 * KW_E_VERSION, KW_E_DAMAGED, KW_E_IO. *out is NULL on failure; free it by its ops. Its documents
 * are numbered by Xapian. */
enum kw_status kw_xapian_engine_new(struct kw_engine **out, const char *where,
                                    const struct kw_foreign_options *foreign,
                                    struct kw_error *error);

#endif
