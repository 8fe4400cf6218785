/* Gathers the columns of a segment, its documents' typed values by field, and writes them. */
#ifndef KW_INDEX_COLUMNS_WRITER_H
#define KW_INDEX_COLUMNS_WRITER_H

#include "base/value.h"
#include "index/table.h"

/* One value of a document. */
struct kw_column_entry {
    uint64_t value; /* a key; of a keyword its number in `keywords` */
    uint32_t document;
};

/* A column being gathered. */
struct kw_column_writer {
    char *name; /* owned; `name_size` bytes without NUL */
    size_t name_size;
    enum kw_value_type type; /* keyword, number or date */
    struct {
        struct kw_column_entry *items; /* in the order of documents */
        size_t capacity;
    } entries;
    size_t count;
    struct kw_bytes bytes; /* of keywords; one that repeats the one before it is not added again */
    struct {
        size_t *items; /* where each ends in `bytes` */
        size_t capacity;
    } ends;
    uint32_t keywords;
};

/* Zeroed is empty. */
struct kw_columns_writer {
    struct kw_column_writer *items;
    size_t count;
    size_t capacity;
    size_t next; /* where the column of the next value is looked for first */
};

void kw_columns_writer_release(struct kw_columns_writer *writer);

/* Adds a value of `document` to the column `name`, which is made at its first value; documents come
 * in their order, values of one document in any; those that repeat count once. KW_E_USAGE if the
 * column has another type, the name holds a NUL or is over 255 bytes, or documents go back;
 * KW_E_MEMORY. */
enum kw_status kw_columns_writer_keyword(struct kw_columns_writer *writer, struct kw_view name,
                                         uint32_t document, struct kw_view value,
                                         struct kw_error *error);
/* The same for a number or a date, by its key (base/value.h). */
enum kw_status kw_columns_writer_key(struct kw_columns_writer *writer, struct kw_view name,
                                     enum kw_value_type type, uint32_t document, uint64_t key,
                                     struct kw_error *error);

/* The sections of columns, gathered. Zeroed is empty. */
struct kw_columns_sections {
    struct kw_table_writer columns;
    struct kw_bytes values;
    struct kw_bytes keywords;
    struct kw_bytes keyword_index;
};

void kw_columns_sections_release(struct kw_columns_sections *sections);

/* Adds keyword `number` of a column's dictionary, from 0, in order without repeats; `before` is the
 * one before it. */
void kw_columns_put_keyword(struct kw_columns_sections *sections, uint64_t number,
                            struct kw_view before, struct kw_view keyword);

/* Adds the next column, by name, of a segment of `documents`; its values, at least one, are keys,
 * or of keywords their places in the dictionary of `distinct` ones, which was put from block
 * `first_block` on. Reorders them. KW_E_MEMORY. */
enum kw_status kw_columns_put(struct kw_columns_sections *sections, struct kw_column_writer *column,
                              uint32_t documents, uint64_t distinct, uint64_t first_block,
                              struct kw_error *error);

/* Writes the sections, none if there is no column. KW_E_MEMORY. */
enum kw_status kw_columns_write(const struct kw_columns_sections *sections,
                                struct kw_pages_writer *pages, struct kw_error *error);

/* Writes the sections of the columns of a segment of `documents`; none if there is no column.
 * Reorders what was gathered. KW_E_MEMORY. */
enum kw_status kw_columns_writer_finish(struct kw_columns_writer *writer,
                                        struct kw_pages_writer *pages, uint32_t documents,
                                        struct kw_error *error);

#endif
