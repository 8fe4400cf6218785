/* Sources inside each other: what source.c and unpack.c share. */
#ifndef KW_INGEST_SOURCE_PARTS_H
#define KW_INGEST_SOURCE_PARTS_H

#include "ingest/lines.h"
#include "ingest/source.h"

/* A source over what `pull` gives with `context`, both borrowed for its life: the contents of the
 * file `path` (for messages) or a member in it, named `name`. `stream`: JSON Lines are recognised
 * by content too. Failures as kw_source_new's, and what `pull` gives; *no_text tells whether it was
 * refused for being no text. */
enum kw_status kw_source_new_pull(struct kw_source **out, kw_lines_pull *pull, void *context,
                                  const char *path, const char *name, bool stream,
                                  const struct kw_source_options *options, bool *no_text,
                                  struct kw_error *error);

#endif
