/* Writes one field of a segment: its lengths, its surface terms and its stems. */
#ifndef KW_INDEX_FIELD_WRITER_H
#define KW_INDEX_FIELD_WRITER_H

#include "index/batch.h"
#include "index/lexicon_writer.h"
#include "index/pairs_writer.h"

/* What the table of fields says of a field. */
struct kw_field_totals {
    uint64_t documents;
    uint64_t length;
    uint32_t shortest; /* of the lengths that are not 0 */
    uint32_t longest;
    uint64_t surfaces;
    uint64_t stems;
};

/* Adds the field's terms to the lexicon, in the order of their keys, with their postings, and its
 * pairs to `pairs` unless that is NULL. Reorders nothing of the batch. */
enum kw_status kw_field_write(const struct kw_batch *batch, const struct kw_batch_words *vocabulary,
                              struct kw_lexicon_writer *lexicon, struct kw_pairs_writer *pairs,
                              struct kw_field_totals *totals, struct kw_error *error);

#endif
