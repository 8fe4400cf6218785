/* Merging: several segments become one, which is, byte for byte, the segment that one run over the
 * documents left would have written (kwic-format(5), "Merging").
 *
 * Lexicons are walked side by side, postings decoded block by block and written again under their
 * documents' new numbers; blocks of zlib are copied where they stay what they are. In memory
 * are, of each document and term, some bytes, and a term's documents and frequencies at a time:
 * what grows with the text is spilled into nameless files. */
#ifndef KW_INDEX_MERGE_H
#define KW_INDEX_MERGE_H

#include "index/segment.h"

/* A segment that goes into a merge. */
struct kw_merge_source {
    struct kw_segment *segment;
    const uint8_t *deleted; /* a bit a document; NULL: those that the segment says */
};

struct kw_merge_options {
    const char *path;  /* of the new segment; there must be no such file */
    const char *spool; /* likewise, of files whose names are removed at once; NULL: none, all that
                          is gathered stays in memory */
    /* NULL: documents keep their order, source by source. Else order[n] is the number, in that
     * order, of the document that gets the number n. */
    const uint32_t *order;
    uint32_t codec; /* of stored text, as kw_inverter_codec takes it; 0: KW_TEXT_WORDS */
    bool sync;
    /* Called now and then with the bytes of the sources that were gone through; false gives up with
     * KW_E_INTERRUPTED. NULL: nobody asks. */
    bool (*go_on)(void *context, uint64_t bytes);
    void *context;
};

/* Merges `count` segments, which have at least one document that is not deleted in all. KW_E_IO,
 * KW_E_MEMORY, KW_E_DAMAGED, KW_E_USAGE (too many documents or terms for one segment),
 * KW_E_INTERRUPTED: the file is not there then. */
enum kw_status kw_merge(const struct kw_merge_source *sources, size_t count,
                        const struct kw_merge_options *options, struct kw_error *error);

#endif
