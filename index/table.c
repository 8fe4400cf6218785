/* Writes and reads records of any size by number. */
#include "index/table.h"

void kw_table_writer_release(struct kw_table_writer *table)
{
    kw_bytes_release(&table->records);
    kw_bytes_release(&table->index);
}

void kw_table_writer_end(struct kw_table_writer *table)
{
    kw_bytes_u64(&table->index, table->records.size);
}

uint64_t kw_table_writer_count(const struct kw_table_writer *table)
{
    return table->index.size / 8;
}

struct kw_view kw_table_writer_record(const struct kw_table_writer *table, uint64_t number)
{
    const uint8_t *index = table->index.data;
    uint64_t from = number ? kw_load64(index + (number - 1) * 8) : 0;
    uint64_t to = kw_load64(index + number * 8);
    return (struct kw_view){table->records.data + from, (size_t)(to - from)};
}

enum kw_status kw_table_writer_write(const struct kw_table_writer *table,
                                     struct kw_pages_writer *pages, const char *name,
                                     const char *index_name, struct kw_error *error)
{
    kw_pages_writer_section(pages, name);
    kw_pages_writer_append(pages, table->records.data, table->records.size);
    kw_pages_writer_parameter(pages, kw_table_writer_count(table));
    kw_pages_writer_section(pages, index_name);
    kw_pages_writer_append(pages, table->index.data, table->index.size);
    return table->records.failed || table->index.failed ? kw_fail_memory(error) : KW_OK;
}

struct kw_view kw_table_record(struct kw_pages *pages, const struct kw_section *records,
                               const struct kw_section *index, uint64_t number)
{
    const struct kw_view none = {NULL, 0};
    uint64_t from = 0;
    if (number >= index->size / 8)
        return none;
    const uint8_t *at = kw_pages_view(pages, index, number * 8, 8);
    if (!at)
        return none;
    uint64_t to = kw_load64(at);
    if (number) {
        at = kw_pages_view(pages, index, (number - 1) * 8, 8);
        if (!at)
            return none;
        from = kw_load64(at);
    }
    if (from > to || to > records->size) {
        kw_pages_damage(pages, index, number * 8, "an index entry is out of order");
        return none;
    }
    const uint8_t *data = kw_pages_view(pages, records, from, to - from);
    return (struct kw_view){data, data ? (size_t)(to - from) : 0};
}
