/* Deleted documents of a segment: a small sorted file that belongs to a commit. */
#ifndef KW_INDEX_DELETES_H
#define KW_INDEX_DELETES_H

#include "index/segment.h"

struct kw_deletes {
    struct kw_pages pages;
    const struct kw_section *documents; /* u32 each, rising */
    const struct kw_section
        *lengths; /* per field of the segment: u64 documents, u64 words to take off */
    uint32_t count;
};

/* Maps the deletes file at `path` and gives it to the segment, which owns it then. KW_E_DAMAGED if
 * it does not fit the segment. */
enum kw_status kw_segment_attach_deletes(struct kw_segment *segment, const char *path,
                                         struct kw_error *error);

/* Writes `count` deleted documents of `segment` (rising numbers, all its earlier deletes included)
 * to `path`, with the lengths they take off. */
enum kw_status kw_deletes_write(const char *path, struct kw_segment *segment,
                                const uint32_t *documents, uint32_t count, bool sync,
                                struct kw_error *error);

#endif
