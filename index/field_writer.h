/* Writes one field of a segment: its lengths, its surface terms and its stems. */
#ifndef KW_INDEX_FIELD_WRITER_H
#define KW_INDEX_FIELD_WRITER_H

#include "index/batch.h"
#include "index/segment_writer.h"

/* Adds the field's terms to the lexicon, in the order of their keys, with their postings, and its
 * pairs to `pairs` unless that is NULL. Reorders nothing of the batch. */
enum kw_status kw_field_write(const struct kw_batch *batch, const struct kw_batch_words *vocabulary,
                              struct kw_lexicon_writer *lexicon, struct kw_pairs_writer *pairs,
                              struct kw_field_totals *totals, struct kw_error *error);

#endif
