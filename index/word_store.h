/* Reads passages of stored text that were written by a word code. */
#ifndef KW_INDEX_WORD_STORE_H
#define KW_INDEX_WORD_STORE_H

#include "index/segment.h"

/* Finds the sections and parameters of the code; false if they make no sense. */
bool kw_word_store_find(struct kw_segment *segment);

/* Appends the text of `count` passages from `first` on, which the segment has and which by the
 * borders are `sizes[i]` bytes long. Each is decoded alone. KW_E_DAMAGED if one has other bytes. */
enum kw_status kw_word_store_text(struct kw_segment *segment, uint64_t first, const uint32_t *sizes,
                                  size_t count, struct kw_bytes *out, struct kw_error *error);

/* The codes of `count` passages from `first` on, which the segment has and which are in one block
 * of the code. KW_E_DAMAGED. */
enum kw_status kw_word_store_codes(struct kw_segment *segment, uint64_t first, size_t count,
                                   struct kw_view *codes, struct kw_error *error);

/* The head and bytes of the word of a rank that the segment has; false marks damage. Bytes behind
 * them may be read, as kw_pages_view says. */
bool kw_word_store_word(struct kw_segment *segment, uint32_t rank, uint8_t *head,
                        const uint8_t **bytes);

#endif
