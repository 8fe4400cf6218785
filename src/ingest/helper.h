/* What the helper programs kwic-html and kwic-mail have in common: the talk that html.h describes,
 * and their limits. Only they link this. */
#ifndef KW_INGEST_HELPER_H
#define KW_INGEST_HELPER_H

#include "ingest/html_page.h"

/* Reads `bytes`, which may be changed on the way, into the empty page. KW_E_INPUT, KW_E_MEMORY. */
typedef enum kw_status kw_helper_read(struct kw_page *page, struct kw_bytes *bytes,
                                      enum kw_encoding encoding, struct kw_error *error);

/* What main does once its library is set up: answers requests with what `read` makes of them until
 * there are no more. `what` is what it reads, for a person who runs it by hand. Returns the exit
 * status. */
int kw_helper_run(int argc, char **argv, const char *what, kw_helper_read *read);

#endif
