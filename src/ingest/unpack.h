/* The documents of an archive or a compressed file: those of its members, one after the other. */
#ifndef KW_INGEST_UNPACK_H
#define KW_INGEST_UNPACK_H

#include "ingest/source.h"

struct kw_unpack;

/* Reads `fd`, borrowed, before whose bytes those of `prefix` stand, as the file `path` (for
 * messages) named `name`, both borrowed. `stream`: it is no file. KW_E_MEMORY. */
enum kw_status kw_unpack_new(struct kw_unpack **out, int fd, struct kw_view prefix,
                             const char *path, const char *name, bool stream,
                             const struct kw_source_options *options, struct kw_error *error);
void kw_unpack_free(struct kw_unpack *unpack); /* accepts NULL */

/* As kw_source_next, of which these are the parts for archives. */
enum kw_status kw_unpack_next(struct kw_unpack *unpack, struct kw_document *document,
                              struct kw_error *error);
uint64_t kw_unpack_skipped(const struct kw_unpack *unpack);
uint64_t kw_unpack_not_text(const struct kw_unpack *unpack);
uint64_t kw_unpack_consumed(const struct kw_unpack *unpack);

#endif
