/* Writes the sections of terms and fields from what was gathered. */
#include "index/segment_writer.h"

void kw_field_totals_add(struct kw_field_totals *totals, uint32_t length)
{
    totals->documents += length > 0;
    totals->length += length;
    if (length && (!totals->shortest || length < totals->shortest))
        totals->shortest = length;
    if (length > totals->longest)
        totals->longest = length;
}

void kw_fields_writer_release(struct kw_fields_writer *writer)
{
    kw_spool_release(&writer->lengths);
    kw_table_writer_release(&writer->rows);
}

enum kw_status kw_fields_writer_add(struct kw_fields_writer *writer, struct kw_view name,
                                    const struct kw_field_totals *totals, const uint32_t *lengths,
                                    uint32_t documents, struct kw_error *error)
{
    struct kw_bytes *row = &writer->rows.records, *packed = &writer->lengths.bytes;
    uint32_t width = totals->longest <= UINT8_MAX ? 1 : totals->longest <= UINT16_MAX ? 2 : 4;
    while (kw_spool_size(&writer->lengths) % 8 && !packed->failed)
        kw_bytes_append_byte(packed, 0);
    kw_bytes_string(row, name);
    kw_bytes_varint(row, totals->documents);
    kw_bytes_varint(row, totals->length);
    kw_bytes_varint(row, totals->surfaces);
    kw_bytes_varint(row, totals->stems);
    kw_bytes_varint(row, kw_spool_size(&writer->lengths));
    kw_bytes_varint(row, width);
    kw_bytes_varint(row, totals->shortest);
    kw_bytes_varint(row, totals->longest);
    kw_table_writer_end(&writer->rows);
    for (uint32_t i = 0; i < documents; i++)
        for (uint32_t byte = 0; byte < width; byte++)
            kw_bytes_append_byte(packed, (uint8_t)(lengths[i] >> (8 * byte)));
    return kw_spool_relieve(&writer->lengths, error);
}

enum kw_status kw_write_terms(struct kw_lexicon_writer *lexicon, struct kw_pairs_writer *pairs,
                              struct kw_pages_writer *pages, uint64_t cut, struct kw_error *error)
{
    enum kw_status status = kw_lexicon_writer_status(lexicon, error);
    uint64_t postings = kw_spool_size(lexicon->postings);
    if (status)
        return status;
    kw_pages_writer_section(pages, "postings");
    status = kw_spool_write(lexicon->postings, pages, error);
    if (!status)
        status = kw_spool_write(&pairs->postings, pages, error);
    if (status)
        return status;
    kw_pages_writer_section(pages, "lexicon");
    kw_pages_writer_parameter(pages, lexicon->count);
    if ((status = kw_spool_write(&lexicon->entries, pages, error)))
        return status;
    kw_pages_writer_section(pages, "lexiconindex");
    kw_pages_writer_parameter(pages, cut);
    kw_pages_writer_append(pages, lexicon->index.data, lexicon->index.size);
    kw_pairs_writer_write(pairs, pages, postings);
    return KW_OK;
}

enum kw_status kw_write_fields(struct kw_fields_writer *fields, struct kw_pages_writer *pages,
                               struct kw_error *error)
{
    kw_pages_writer_section(pages, "lengths");
    enum kw_status status = kw_spool_write(&fields->lengths, pages, error);
    if (!status)
        status = kw_table_writer_write(&fields->rows, pages, "fields", "fieldindex", error);
    return status;
}
