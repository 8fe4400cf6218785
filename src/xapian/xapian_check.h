/* Checks a Xapian database of kwic's. */
#ifndef KW_XAPIAN_XAPIAN_CHECK_H
#define KW_XAPIAN_XAPIAN_CHECK_H

#include "base/error.h"

/* Verifies what `where` ("xapian:…") names: by Xapian's own check, if it is on this machine, and
 * that every document is whole and has the terms and values that go with it. Calls and errors as
 * kw_engine_check in engine/where.h. */
enum kw_status kw_xapian_check(const char *where,
                               void (*report)(void *context, const char *problem), void *context,
                               struct kw_error *error);

#endif
