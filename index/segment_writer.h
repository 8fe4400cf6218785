/* What the inverter and a merge write alike: the sections of terms, and those of fields. */
#ifndef KW_INDEX_SEGMENT_WRITER_H
#define KW_INDEX_SEGMENT_WRITER_H

#include "index/lexicon_writer.h"
#include "index/pairs_writer.h"
#include "index/table.h"

/* What the table of fields says of a field. */
struct kw_field_totals {
    uint64_t documents;
    uint64_t length;
    uint32_t shortest; /* of the lengths that are not 0 */
    uint32_t longest;
    uint64_t surfaces;
    uint64_t stems;
};

/* Counts a document that is `length` words long. */
void kw_field_totals_add(struct kw_field_totals *totals, uint32_t length);

/* Gathers rows and lengths of fields. Zeroed is empty; `lengths` may be given a file. */
struct kw_fields_writer {
    struct kw_spool lengths;
    struct kw_table_writer rows;
};

void kw_fields_writer_release(struct kw_fields_writer *writer);
/* Adds the next field, by name, with the lengths of all documents. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_fields_writer_add(struct kw_fields_writer *writer, struct kw_view name,
                                    const struct kw_field_totals *totals, const uint32_t *lengths,
                                    uint32_t documents, struct kw_error *error);

/* Writes postings and those of pairs, the lexicon, in which `cut` surface terms are cut, and the
 * pairs. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_write_terms(struct kw_lexicon_writer *lexicon, struct kw_pairs_writer *pairs,
                              struct kw_pages_writer *pages, uint64_t cut, struct kw_error *error);

/* Writes the lengths and the table of fields. KW_E_IO, KW_E_MEMORY. */
enum kw_status kw_write_fields(struct kw_fields_writer *fields, struct kw_pages_writer *pages,
                               struct kw_error *error);

#endif
