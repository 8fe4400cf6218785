/* Reads and writes the deletes of a segment. */
#include "index/deletes.h"

#include <stdlib.h>

enum { LENGTH_BYTES = 16 };

enum kw_status kw_segment_attach_deletes(struct kw_segment *segment, const char *path,
                                         struct kw_error *error)
{
    struct kw_deletes *deletes = calloc(1, sizeof *deletes);
    if (!deletes)
        return kw_fail_memory(error);
    enum kw_status status = kw_pages_init(&deletes->pages, path, "dele", error);
    if (status == KW_E_NO_INDEX || status == KW_E_NOT_FOUND)
        status = kw_fail(error, KW_E_DAMAGED, "'%s' is missing or not a file of deletes", path);
    if (status)
        goto done;
    deletes->documents = kw_pages_section(&deletes->pages, "documents");
    deletes->lengths = kw_pages_section(&deletes->pages, "lengths");
    if (!deletes->documents || !deletes->lengths || deletes->documents->size % 4 ||
        deletes->documents->size / 4 > segment->documents ||
        deletes->lengths->size != (uint64_t)segment->field_count * LENGTH_BYTES) {
        kw_pages_damage(&deletes->pages, NULL, 0, "it does not fit its segment");
        status = kw_pages_status(&deletes->pages, error);
        goto done;
    }
    deletes->count = (uint32_t)(deletes->documents->size / 4);
    segment->deletes = deletes;
    deletes = NULL;
done:
    if (deletes)
        kw_pages_release(&deletes->pages);
    free(deletes);
    return status;
}

bool kw_segment_deleted(const struct kw_segment *segment, uint32_t document)
{
    struct kw_deletes *deletes = segment->deletes;
    uint32_t low = 0;
    uint32_t high = deletes ? deletes->count : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const uint8_t *at =
            kw_pages_view(&deletes->pages, deletes->documents, (uint64_t)middle * 4, 4);
        uint32_t deleted = at ? kw_load32(at) : 0;
        if (!at || deleted == document)
            return true; /* damage: kw_segment_status says so, no answer is given */
        if (deleted < document)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

enum kw_status kw_segment_field_live(struct kw_segment *segment, uint32_t field,
                                     uint64_t *documents, uint64_t *length, struct kw_error *error)
{
    struct kw_field_info info;
    enum kw_status status = kw_segment_field(segment, field, &info, error);
    if (status)
        return status;
    *documents = info.documents;
    *length = info.length;
    if (!segment->deletes)
        return KW_OK;
    const uint8_t *off = kw_pages_view(&segment->deletes->pages, segment->deletes->lengths,
                                       (uint64_t)field * LENGTH_BYTES, LENGTH_BYTES);
    if (off) {
        *documents -= kw_load64(off);
        *length -= kw_load64(off + 8);
    }
    return kw_segment_status(segment, error);
}

/* Appends what the deleted documents take off each field's totals. */
static enum kw_status add_lengths(struct kw_pages_writer *pages, struct kw_segment *segment,
                                  const uint32_t *documents, uint32_t count, struct kw_error *error)
{
    kw_pages_writer_section(pages, "lengths");
    for (uint32_t field = 0; field < segment->field_count; field++) {
        uint8_t row[LENGTH_BYTES];
        uint64_t held = 0;
        uint64_t words = 0;
        struct kw_field_info info;
        enum kw_status status = kw_segment_field(segment, field, &info, error);
        if (status)
            return status;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t length = kw_segment_length(segment, &info, documents[i]);
            held += length > 0;
            words += length;
        }
        kw_store64(row, held);
        kw_store64(row + 8, words);
        kw_pages_writer_append(pages, row, sizeof row);
    }
    return kw_segment_status(segment, error);
}

enum kw_status kw_deletes_write(const char *path, struct kw_segment *segment,
                                const uint32_t *documents, uint32_t count, bool sync,
                                struct kw_error *error)
{
    struct kw_pages_writer pages;
    enum kw_status status = kw_pages_writer_init(&pages, path, "dele", error);
    if (status)
        return status;
    kw_pages_writer_section(&pages, "documents");
    for (uint32_t i = 0; i < count; i++) {
        uint8_t four[4];
        kw_store32(four, documents[i]);
        kw_pages_writer_append(&pages, four, sizeof four);
    }
    if (!(status = add_lengths(&pages, segment, documents, count, error)))
        status = kw_pages_writer_finish(&pages, sync, error);
    kw_pages_writer_release(&pages);
    return status;
}
