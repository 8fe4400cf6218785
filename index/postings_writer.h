/* Encodes postings: the inverse of postings.h, byte for byte as kwic-format(5) says. */
#ifndef KW_INDEX_POSTINGS_WRITER_H
#define KW_INDEX_POSTINGS_WRITER_H

#include "index/format.h"
#include "index/pages.h"

/* One term's postings, gathered: `count` documents rising, each with its frequency (≥ 1) and, if
 * `positions` is not NULL, that many positions, rising, all behind one another. Of a list that is
 * not inline they may be written already: then `offsets` tells where those of each block begin,
 * from `positions_at` in the section of positions on. */
struct kw_posting_list {
    const uint32_t *documents;
    const uint32_t *frequencies;
    const uint32_t *positions;
    uint32_t count;
    const uint64_t *offsets; /* NULL: they are not written */
    uint64_t positions_at;
};

/* Appends the inline form (varints). */
void kw_postings_encode_inline(struct kw_bytes *out, const struct kw_posting_list *list);

/* Reused between calls. Zeroed is empty. */
struct kw_postings_scratch {
    struct kw_bytes codes;     /* of a list's strengths */
    struct kw_bytes blocks;    /* of a list */
    struct kw_bytes positions; /* of a block */
    struct {
        uint32_t *items;
        size_t capacity;
    } gaps; /* likewise */
};

void kw_postings_scratch_release(struct kw_postings_scratch *scratch);

/* Appends the positions of a block of postings, `total` gaps: the widths of their runs, then the
 * runs. */
void kw_positions_encode(struct kw_bytes *out, const uint32_t *gaps, uint64_t total);

/* Appends the listed form: strengths, skip data and blocks to `postings`, positions to the section
 * at hand of `positions`. `ks` is kw_strength_k of each document. What could not be kept is noted
 * in `postings`. */
void kw_postings_encode(struct kw_bytes *postings, struct kw_pages_writer *positions,
                        const struct kw_posting_list *list, const double *ks,
                        struct kw_postings_scratch *scratch);

#endif
