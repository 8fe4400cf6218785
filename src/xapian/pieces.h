/* The file of sources of a Xapian database, which lies in pieces in its metadata. */
#ifndef KW_XAPIAN_PIECES_H
#define KW_XAPIAN_PIECES_H

#include "index/sources.h"
#include "xapian/xapian_c.h"

/* Reads the sources of a database that has `bytes` of them (more than 0) into memory. `where` is
 * what messages call it. KW_E_DAMAGED, KW_E_MEMORY, and what reading metadata gives; *failure is
 * then what the database says of it, else NULL. */
enum kw_status kw_pieces_read(struct kw_sources *sources, struct xc_database *database,
                              uint64_t bytes, const char *where, const struct xc_error **failure,
                              struct kw_error *error);

/* Makes sources of what kw_sources_write takes, in memory. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_pieces_make(struct kw_sources *sources, const struct kw_source_file *files,
                              size_t file_count, const struct kw_view *roots, size_t root_count,
                              const struct kw_view *gone, size_t gone_count, const char *where,
                              struct kw_error *error);

/* Frees sources that were malloc'ed and read or made; accepts NULL. */
void kw_pieces_free(struct kw_sources *sources);

/* Puts sources in place of those of `before` bytes. The database says what failed. */
enum xc_status kw_pieces_write(struct xc_database *database, const struct kw_sources *sources,
                               uint64_t before);

#endif
