/* Encodes postings: the inverse of postings.h, byte for byte as kwic-format(5) says. */
#ifndef KW_INDEX_POSTINGS_WRITER_H
#define KW_INDEX_POSTINGS_WRITER_H

#include "index/format.h"
#include "index/pages.h"

/* One term's postings, gathered: `count` documents rising, each with its frequency (≥ 1) and, if
 * `positions` is not NULL, that many positions, rising, all behind one another. */
struct kw_posting_list {
    const uint32_t *documents;
    const uint32_t *frequencies;
    const uint32_t *positions;
    uint32_t count;
};

/* Appends the inline form (varints). */
void kw_postings_encode_inline(struct kw_bytes *out, const struct kw_posting_list *list);

/* Appends the listed form: skip data and blocks to `postings`, positions to the section at hand of
 * `positions`. `lengths` is indexed by document, for the blocks' shortest. `scratch` is reused
 * between calls. */
void kw_postings_encode(struct kw_bytes *postings, struct kw_pages_writer *positions,
                        const struct kw_posting_list *list, const uint32_t *lengths,
                        struct kw_bytes *scratch);

#endif
