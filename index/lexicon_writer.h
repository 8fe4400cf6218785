/* Writes the lexicon: sorted keys, front-coded in blocks, each with what a reader needs of its
 * term. */
#ifndef KW_INDEX_LEXICON_WRITER_H
#define KW_INDEX_LEXICON_WRITER_H

#include "index/postings_writer.h"
#include "index/spool.h"

struct kw_lexicon_writer {
    struct kw_spool entries;
    struct kw_bytes index;    /* u64: where each block begins */
    struct kw_bytes previous; /* the last key */
    struct kw_bytes inlined;  /* scratch */
    struct kw_postings_scratch scratch;
    struct kw_spool *postings;     /* borrowed */
    struct kw_pages_writer *pages; /* borrowed; its section at hand is that of positions */
    uint64_t count;
    uint64_t postings_at; /* of the block's last listed term */
    uint64_t positions_at;
};

/* Writes postings to `postings`; `path` is that of the spool of entries. KW_E_MEMORY. */
enum kw_status kw_lexicon_writer_init(struct kw_lexicon_writer *writer, struct kw_spool *postings,
                                      struct kw_pages_writer *pages, const char *path,
                                      struct kw_error *error);
void kw_lexicon_writer_release(struct kw_lexicon_writer *writer);

/* Adds the next key (keys must rise) with its postings, inline or listed, whichever fits; `ks` is
 * kw_strength_k of each document. Returns its ordinal. */
uint64_t kw_lexicon_writer_surface(struct kw_lexicon_writer *writer, struct kw_view key,
                                   const struct kw_posting_list *list, const double *ks);

/* As above for a stem with the ordinals of its surface forms, rising. With `list` NULL (one form
 * only) it shares that form's postings. */
uint64_t kw_lexicon_writer_stem(struct kw_lexicon_writer *writer, struct kw_view key,
                                const uint64_t *forms, uint32_t form_count,
                                const struct kw_posting_list *list, const double *ks);

/* KW_OK, or KW_E_MEMORY if anything could not be kept. */
enum kw_status kw_lexicon_writer_status(const struct kw_lexicon_writer *writer,
                                        struct kw_error *error);

#endif
