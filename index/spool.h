/* Bytes gathered for a section that is not written yet: in memory, and beyond some megabytes in a
 * file without a name. */
#ifndef KW_INDEX_SPOOL_H
#define KW_INDEX_SPOOL_H

#include "index/pages.h"

struct kw_spool {
    struct kw_bytes bytes; /* what was appended last; appends go here */
    uint64_t spilled;      /* bytes before these, in the file */
    char *path;            /* owned; NULL: all stays in memory */
    int file;              /* its descriptor + 1; 0: there is none yet */
};

/* Begins a spool whose file will be made, and its name removed at once, as `path`, which must not
 * exist; with NULL all stays in memory, and zeroed is the same. KW_E_MEMORY. */
enum kw_status kw_spool_init(struct kw_spool *spool, const char *path, struct kw_error *error);
void kw_spool_release(struct kw_spool *spool);

static inline uint64_t kw_spool_size(const struct kw_spool *spool)
{
    return spool->spilled + spool->bytes.size;
}

/* Writes what memory holds to the file if it has become much; bytes that were spilled are no longer
 * at hand. KW_E_IO, KW_E_MEMORY (an append could not be kept). */
enum kw_status kw_spool_relieve(struct kw_spool *spool, struct kw_error *error);

/* Sets *view to all of it, which nothing may be appended to from then on; *map, the caller's, is
 * what it may be in, empty on failure. KW_E_IO, KW_E_MEMORY (an append could not be kept). */
enum kw_status kw_spool_map(struct kw_spool *spool, struct kw_map *map, struct kw_view *view,
                            struct kw_error *error);

/* Appends all of it to the section at hand. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_spool_write(struct kw_spool *spool, struct kw_pages_writer *pages,
                              struct kw_error *error);

#endif
