/* The engine of Xapian databases that kwic wrote: its own, those that a stub file joins, and those
 * that servers hold. */
#ifndef KW_XAPIAN_XAPIAN_ENGINE_H
#define KW_XAPIAN_XAPIAN_ENGINE_H

#include "engine/engine.h"

/* Opens what `where` ("xapian:…") names for reading. KW_E_USAGE, KW_E_NO_INDEX (nothing there, or
 * nothing of kwic's), KW_E_VERSION, KW_E_DAMAGED, KW_E_IO. *out is NULL on failure; free it by its
 * ops. Its documents are numbered by Xapian. */
enum kw_status kw_xapian_engine_new(struct kw_engine **out, const char *where,
                                    struct kw_error *error);

#endif
