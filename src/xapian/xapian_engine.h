/* The engine of Xapian databases: what kwic wrote, what a stub file joins, what servers hold, and
 * what other programs made. */
#ifndef KW_XAPIAN_XAPIAN_ENGINE_H
#define KW_XAPIAN_XAPIAN_ENGINE_H

#include "engine/engine.h"

/* Opens what `where` ("xapian:…") names for reading. KW_E_USAGE, KW_E_NO_INDEX (nothing there, or
 * nothing of kwic's and that is not to be read), KW_E_VERSION, KW_E_DAMAGED, KW_E_IO (also: a
 * server does not answer). *out is NULL on failure; free it by its ops. Its documents are numbered
 * by Xapian. */
enum kw_status kw_xapian_engine_new(struct kw_engine **out, const char *where,
                                    const struct kw_reader_options *options,
                                    struct kw_error *error);

#endif
