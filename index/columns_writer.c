/* Gathers values by column, and packs each column the shorter of two ways. */
#include "index/columns_writer.h"

#include "index/bitpack.h"
#include "index/format.h"
#include "index/sort.h"
#include "index/table.h"

#include <stdlib.h>

void kw_columns_writer_release(struct kw_columns_writer *writer)
{
    for (size_t i = 0; i < writer->count; i++) {
        struct kw_column_writer *column = &writer->items[i];
        free(column->name);
        free(column->entries.items);
        free(column->ends.items);
        kw_bytes_release(&column->bytes);
    }
    free(writer->items);
    *writer = (struct kw_columns_writer){.items = NULL};
}

/* ---- Gathering ---------------------------------------------------------------------------- */

static struct kw_view name_of(const struct kw_column_writer *column)
{
    return (struct kw_view){(const uint8_t *)column->name, column->name_size};
}

/* The column `name`, made at its first use. */
static enum kw_status find_column(struct kw_columns_writer *writer, struct kw_view name,
                                  enum kw_value_type type, struct kw_column_writer **out,
                                  struct kw_error *error)
{
    for (size_t i = 0; i < writer->count; i++) {
        size_t at = (writer->next + i) % writer->count;
        *out = &writer->items[at];
        if (!kw_view_equal(name_of(*out), name))
            continue;
        writer->next = at + 1;
        if ((*out)->type == type)
            return KW_OK;
        return kw_fail(error, KW_E_USAGE, "the column '%s' has another type", (*out)->name);
    }
    if (name.size > KW_FIELD_NAME_BYTES || (name.size && memchr(name.data, 0, name.size)))
        return kw_fail(error, KW_E_USAGE, "a column's name is over %d bytes or holds a NUL",
                       KW_FIELD_NAME_BYTES);
    char *copy = kw_view_string(name);
    if (!copy || !kw_grow(writer, writer->count + 1)) {
        free(copy);
        return kw_fail_memory(error);
    }
    *out = &writer->items[writer->count++];
    writer->next = 0;
    **out = (struct kw_column_writer){.name = copy, .name_size = name.size, .type = type};
    return KW_OK;
}

static enum kw_status add_entry(struct kw_column_writer *column, uint32_t document, uint64_t value,
                                struct kw_error *error)
{
    if (column->count && column->entries.items[column->count - 1].document > document)
        return kw_fail(error, KW_E_USAGE, "a document's values come too late");
    if (!kw_grow(&column->entries, column->count + 1))
        return kw_fail_memory(error);
    column->entries.items[column->count++] = (struct kw_column_entry){value, document};
    return KW_OK;
}

static struct kw_view keyword_of(const struct kw_column_writer *column, uint32_t number)
{
    size_t from = number ? column->ends.items[number - 1] : 0;
    return (struct kw_view){column->bytes.data + from, column->ends.items[number] - from};
}

enum kw_status kw_columns_writer_keyword(struct kw_columns_writer *writer, struct kw_view name,
                                         uint32_t document, struct kw_view value,
                                         struct kw_error *error)
{
    struct kw_column_writer *column;
    enum kw_status status = find_column(writer, name, KW_TYPE_KEYWORD, &column, error);
    if (status)
        return status;
    uint32_t last = column->keywords - 1;
    if (!column->keywords || !kw_view_equal(keyword_of(column, last), value)) {
        if (column->keywords == UINT32_MAX || !kw_grow(&column->ends, (size_t)column->keywords + 1))
            return kw_fail_memory(error);
        kw_bytes_append_view(&column->bytes, value);
        if ((status = kw_bytes_status(&column->bytes, error)))
            return status;
        last = column->keywords++;
        column->ends.items[last] = column->bytes.size;
    }
    return add_entry(column, document, last, error);
}

enum kw_status kw_columns_writer_key(struct kw_columns_writer *writer, struct kw_view name,
                                     enum kw_value_type type, uint32_t document, uint64_t key,
                                     struct kw_error *error)
{
    struct kw_column_writer *column;
    enum kw_status status = find_column(writer, name, type, &column, error);
    return status ? status : add_entry(column, document, key, error);
}

/* ---- Writing ------------------------------------------------------------------------------ */

void kw_columns_sections_release(struct kw_columns_sections *sections)
{
    kw_table_writer_release(&sections->columns);
    kw_bytes_release(&sections->values);
    kw_bytes_release(&sections->keywords);
    kw_bytes_release(&sections->keyword_index);
}

static int compare_names(const void *left, const void *right)
{
    const struct kw_column_writer *a = left;
    const struct kw_column_writer *b = right;
    return kw_view_compare(name_of(a), name_of(b));
}

static int compare_entries(const void *left, const void *right)
{
    const struct kw_column_entry *a = left;
    const struct kw_column_entry *b = right;
    if (a->document != b->document)
        return a->document < b->document ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

/* Sorts the values of each document and drops those that repeat; returns how many documents have
 * values. */
static uint32_t tidy_entries(struct kw_column_writer *column)
{
    struct kw_column_entry *entries = column->entries.items;
    uint32_t holders = 0;
    size_t kept = 0;
    for (size_t from = 0, to; from < column->count; from = to) {
        for (to = from + 1; to < column->count; to++)
            if (entries[to].document != entries[from].document)
                break;
        if (to - from > 1)
            qsort(entries + from, to - from, sizeof *entries, compare_entries);
        holders++;
        for (size_t i = from; i < to; i++)
            if (i == from || entries[i].value != entries[i - 1].value)
                entries[kept++] = entries[i];
    }
    column->count = kept;
    return holders;
}

void kw_columns_put_keyword(struct kw_columns_sections *sections, uint64_t number,
                            struct kw_view before, struct kw_view keyword)
{
    size_t common = 0;
    if (number % KW_KEYWORD_BLOCK == 0) {
        kw_bytes_u64(&sections->keyword_index, sections->keywords.size);
        kw_bytes_string(&sections->keywords, keyword);
        return;
    }
    while (common < keyword.size && common < before.size &&
           keyword.data[common] == before.data[common])
        common++;
    kw_bytes_varint(&sections->keywords, common);
    kw_bytes_string(&sections->keywords,
                    (struct kw_view){keyword.data + common, keyword.size - common});
}

/* Writes the dictionary of a column of keywords, and makes their places in it the values. */
static enum kw_status write_dictionary(struct kw_column_writer *column,
                                       struct kw_columns_sections *sections, uint32_t *distinct,
                                       struct kw_error *error)
{
    uint32_t count = column->keywords;
    struct kw_view *views = malloc(((size_t)count + 1) * sizeof *views);
    struct kw_view *sorted = malloc(((size_t)count + 1) * sizeof *sorted);
    uint32_t *order = malloc(((size_t)count + 1) * sizeof *order);
    uint32_t *place = malloc(((size_t)count + 1) * sizeof *place);
    enum kw_status status = KW_OK;
    *distinct = 0;
    if (!views || !sorted || !order || !place) {
        status = kw_fail_memory(error);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++)
        views[i] = keyword_of(column, i);
    if ((status = kw_sort_views(views, order, count, error)))
        goto done;
    for (uint32_t i = 0; i < count; i++) {
        if (!i || !kw_view_equal(views[order[i]], sorted[*distinct - 1]))
            sorted[(*distinct)++] = views[order[i]];
        place[order[i]] = *distinct - 1;
    }
    for (size_t i = 0; i < column->count; i++)
        column->entries.items[i].value = place[column->entries.items[i].value];
    for (uint32_t i = 0; i < *distinct; i++)
        kw_columns_put_keyword(sections, i, i ? sorted[i - 1] : (struct kw_view){NULL, 0},
                               sorted[i]);
done:
    free(views);
    free(sorted);
    free(order);
    free(place);
    return status;
}

/* Makes the values codes: value = least + divisor · code. Returns the greatest code. */
static uint64_t make_codes(struct kw_column_writer *column, uint64_t *least, uint64_t *divisor)
{
    struct kw_column_entry *entries = column->entries.items;
    uint64_t greatest = 0;
    *least = UINT64_MAX;
    *divisor = 0;
    for (size_t i = 0; i < column->count; i++) {
        *least = entries[i].value < *least ? entries[i].value : *least;
        greatest = entries[i].value > greatest ? entries[i].value : greatest;
    }
    for (size_t i = 0; i < column->count && *divisor != 1; i++)
        for (uint64_t rest = entries[i].value - *least; rest;) {
            uint64_t next = *divisor % rest;
            *divisor = rest;
            rest = next;
        }
    *divisor = *divisor ? *divisor : 1;
    for (size_t i = 0; i < column->count; i++)
        entries[i].value = (entries[i].value - *least) / *divisor;
    return (greatest - *least) / *divisor;
}

/* A column's numbers and how they are packed. */
struct packing {
    uint32_t documents; /* of the segment */
    uint32_t holders;
    uint64_t greatest; /* code */
    bool listed;
    uint32_t code_bits, document_bits, end_bits;
};

static void choose_packing(struct packing *packing, const struct kw_column_writer *column)
{
    uint32_t last = column->entries.items[column->count - 1].document;
    bool several = column->count > packing->holders;
    packing->document_bits = kw_bitpack_bits(last);
    packing->end_bits = several ? kw_bitpack_bits(column->count) : 0;
    packing->code_bits = kw_bitpack_bits(packing->greatest);
    uint32_t dense = kw_bitpack_bits(packing->greatest + 1);
    size_t listed = kw_bitpack_size(packing->holders, packing->document_bits) +
                    kw_bitpack_size(packing->holders, packing->end_bits) +
                    kw_bitpack_size(column->count, packing->code_bits);
    packing->listed = several || listed < kw_bitpack_size(packing->documents, dense);
    if (!packing->listed)
        packing->code_bits = dense;
}

static enum kw_status put_values(const struct packing *packing,
                                 const struct kw_column_writer *column, struct kw_bytes *out,
                                 struct kw_error *error)
{
    const struct kw_column_entry *entries = column->entries.items;
    size_t room = packing->listed ? column->count : packing->documents;
    uint64_t *numbers = calloc(room + 1, sizeof *numbers);
    size_t holder = 0;
    if (!numbers)
        return kw_fail_memory(error);
    if (!packing->listed) {
        for (size_t i = 0; i < column->count; i++)
            numbers[entries[i].document] = entries[i].value + 1;
        kw_bitpack_encode_wide(out, numbers, packing->documents, packing->code_bits);
        free(numbers);
        return KW_OK;
    }
    for (size_t i = 0; i < column->count; i++)
        if (!i || entries[i].document != entries[i - 1].document)
            numbers[holder++] = entries[i].document;
    kw_bitpack_encode_wide(out, numbers, holder, packing->document_bits);
    holder = 0;
    for (size_t i = 0; i < column->count && packing->end_bits; i++)
        if (i + 1 == column->count || entries[i].document != entries[i + 1].document)
            numbers[holder++] = i + 1;
    kw_bitpack_encode_wide(out, numbers, holder, packing->end_bits);
    for (size_t i = 0; i < column->count; i++)
        numbers[i] = entries[i].value;
    kw_bitpack_encode_wide(out, numbers, column->count, packing->code_bits);
    free(numbers);
    return KW_OK;
}

enum kw_status kw_columns_put(struct kw_columns_sections *sections, struct kw_column_writer *column,
                              uint32_t documents, uint64_t distinct, uint64_t first_block,
                              struct kw_error *error)
{
    struct kw_bytes *row = &sections->columns.records;
    bool keywords = column->type == KW_TYPE_KEYWORD;
    uint64_t least = 0;
    uint64_t divisor = 1;
    struct packing packing = {.documents = documents, .holders = tidy_entries(column)};
    packing.greatest = keywords ? distinct - 1 : make_codes(column, &least, &divisor);
    choose_packing(&packing, column);
    kw_bytes_align(&sections->values, 8);
    kw_bytes_string(row, name_of(column));
    kw_bytes_append_byte(row, (uint8_t)column->type);
    kw_bytes_varint(row, packing.listed);
    kw_bytes_varint(row, packing.holders);
    kw_bytes_varint(row, column->count);
    kw_bytes_varint(row, sections->values.size);
    kw_bytes_varint(row, packing.code_bits);
    if (packing.listed) {
        kw_bytes_varint(row, packing.document_bits);
        kw_bytes_varint(row, packing.end_bits);
    }
    kw_bytes_varint(row, keywords ? distinct : least);
    kw_bytes_varint(row, keywords ? first_block : divisor);
    kw_table_writer_end(&sections->columns);
    return put_values(&packing, column, &sections->values, error);
}

static enum kw_status write_column(struct kw_column_writer *column,
                                   struct kw_columns_sections *sections, uint32_t documents,
                                   struct kw_error *error)
{
    uint64_t first_block = sections->keyword_index.size / 8;
    uint32_t distinct = 0;
    enum kw_status status = KW_OK;
    if (column->type == KW_TYPE_KEYWORD)
        status = write_dictionary(column, sections, &distinct, error);
    return status ? status
                  : kw_columns_put(sections, column, documents, distinct, first_block, error);
}

static void write_bytes(struct kw_pages_writer *pages, const char *name,
                        const struct kw_bytes *bytes)
{
    kw_pages_writer_section(pages, name);
    kw_pages_writer_append(pages, bytes->data, bytes->size);
}

enum kw_status kw_columns_write(const struct kw_columns_sections *sections,
                                struct kw_pages_writer *pages, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (sections->values.failed || sections->keywords.failed || sections->keyword_index.failed)
        return kw_fail_memory(error);
    if (!kw_table_writer_count(&sections->columns))
        return KW_OK;
    status = kw_table_writer_write(&sections->columns, pages, "columns", "columnindex", error);
    write_bytes(pages, "values", &sections->values);
    write_bytes(pages, "keywords", &sections->keywords);
    write_bytes(pages, "keywordindex", &sections->keyword_index);
    return status;
}

enum kw_status kw_columns_writer_finish(struct kw_columns_writer *writer,
                                        struct kw_pages_writer *pages, uint32_t documents,
                                        struct kw_error *error)
{
    struct kw_columns_sections sections = {.values = KW_BYTES_INIT};
    enum kw_status status = KW_OK;
    if (writer->count)
        qsort(writer->items, writer->count, sizeof *writer->items, compare_names);
    for (size_t i = 0; i < writer->count && !status; i++)
        status = write_column(&writer->items[i], &sections, documents, error);
    if (!status)
        status = kw_columns_write(&sections, pages, error);
    kw_columns_sections_release(&sections);
    return status;
}
