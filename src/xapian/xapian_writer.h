/* The writer of a Xapian database. */
#ifndef KW_XAPIAN_XAPIAN_WRITER_H
#define KW_XAPIAN_XAPIAN_WRITER_H

#include "engine/writer.h"

/* Takes Xapian's lock and opens the database that `where` ("xapian:…") names. KW_E_LOCKED,
 * KW_E_NO_INDEX (nothing there without options->create; with it, a folder that is neither empty nor
 * a database, or a database that kwic did not make), KW_E_USAGE (other settings, or another type of
 * a field, than it has; several databases in one; no place), KW_E_VERSION, KW_E_DAMAGED, KW_E_IO
 * (also: a server cannot be reached). A folder made for nothing is removed again on failure. *out
 * is NULL then; free it by its ops. */
enum kw_status kw_xapian_writer_new(struct kw_engine_writer **out, const char *where,
                                    const struct kw_writer_options *options,
                                    struct kw_error *error);

#endif
