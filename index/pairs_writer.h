/* Writes the pairs of a segment's frequent words, with their postings. */
#ifndef KW_INDEX_PAIRS_WRITER_H
#define KW_INDEX_PAIRS_WRITER_H

#include "index/batch.h"
#include "index/pairs.h"
#include "index/postings_writer.h"
#include "index/spool.h"

/* Zeroed is empty. */
struct kw_pairs_writer {
    struct {
        struct kw_pair_word *items;
        size_t capacity;
    } words; /* those that are frequent enough; in the end those chosen */
    size_t word_count;
    uint32_t terms;                 /* of the text so far */
    uint32_t count;                 /* pairs */
    uint32_t counts[KW_PAIR_WORDS]; /* of these, by first word */
    struct kw_bytes rows, offsets, entries;
    struct kw_spool postings; /* to stand behind those of all terms */
    uint64_t postings_at;     /* of the block's last listed pair */
    struct kw_bytes inlined;  /* scratch */
    struct kw_list_builder builder;
    struct kw_postings_scratch scratch;
};

void kw_pairs_writer_release(struct kw_pairs_writer *writer);

/* Notes the next surface term of the text, in the order of the lexicon: the number of its surface
 * form, and how many documents hold it. KW_E_MEMORY. */
enum kw_status kw_pairs_writer_term(struct kw_pairs_writer *writer, uint32_t surface,
                                    uint32_t documents, struct kw_error *error);

/* Chooses among these terms, behind the last: writer->words are then those that have pairs, by
 * their ordinals. KW_E_MEMORY. */
enum kw_status kw_pairs_writer_choose(struct kw_pairs_writer *writer, struct kw_error *error);

/* Adds the pair of two chosen words, by their places; pairs come in the order of the first and then
 * the second one. `list` has no positions, `ks` is kw_strength_k of each document. What could not
 * be kept is told by kw_pairs_writer_status. */
void kw_pairs_writer_pair(struct kw_pairs_writer *writer, uint32_t first, uint32_t second,
                          const struct kw_posting_list *list, const double *ks);

/* KW_OK, or KW_E_MEMORY if anything could not be kept. */
enum kw_status kw_pairs_writer_status(const struct kw_pairs_writer *writer, struct kw_error *error);

/* Chooses among these terms and gathers the pairs of the text; `ks` is kw_strength_k of each
 * document. Once, behind the last term. KW_E_MEMORY. */
enum kw_status kw_pairs_writer_batch(struct kw_pairs_writer *writer, const struct kw_batch *batch,
                                     const struct kw_batch_words *vocabulary, const double *ks,
                                     struct kw_error *error);

/* Writes the section of pairs, if there are words that have some; `postings` was written from this
 * offset of its section on. */
void kw_pairs_writer_write(const struct kw_pairs_writer *writer, struct kw_pages_writer *pages,
                           uint64_t postings_at);

#endif
