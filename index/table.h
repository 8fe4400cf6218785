/* A table: records of any size, found by number through an index of offsets. */
#ifndef KW_INDEX_TABLE_H
#define KW_INDEX_TABLE_H

#include "index/pages.h"

/* Gathers a table in memory. Zeroed is empty. */
struct kw_table_writer {
    struct kw_bytes records; /* append a record's bytes here, then call kw_table_writer_end */
    struct kw_bytes index;   /* u64: where each record ends */
};

void kw_table_writer_release(struct kw_table_writer *table);
void kw_table_writer_end(struct kw_table_writer *table);
uint64_t kw_table_writer_count(const struct kw_table_writer *table);
struct kw_view kw_table_writer_record(const struct kw_table_writer *table, uint64_t number);

/* Writes the records as section `name` and the index as section `index_name`; the parameter of
 * `name` is the count. KW_E_MEMORY if an append failed. */
enum kw_status kw_table_writer_write(const struct kw_table_writer *table,
                                     struct kw_pages_writer *pages, const char *name,
                                     const char *index_name, struct kw_error *error);

/* Record `number` of a mapped table, verified; data NULL if there is none or it is damaged (then
 * the file is marked). */
struct kw_view kw_table_record(struct kw_pages *pages, const struct kw_section *records,
                               const struct kw_section *index, uint64_t number);

#endif
