/* Merges columns, one after another: dictionaries side by side, then the values of all documents
 * under their new numbers. */
#include "index/columns.h"
#include "index/columns_writer.h"
#include "index/merge_parts.h"

#include <stdlib.h>

/* A column in an input. */
struct part {
    struct kw_column column;
    bool there;
    uint64_t
        *codes; /* of each keyword the merged code; UINT64_MAX: no document that stays has it */
    struct kw_keywords keywords;
};

struct columns {
    struct kw_merge *merge;
    struct part *parts; /* by input */
    struct kw_columns_sections sections;
    struct kw_column_writer column;
};

/* ---- Dictionaries ------------------------------------------------------------------------- */

/* Marks the keywords that documents have which stay. */
static enum kw_status mark_used(struct kw_merge_input *input, struct part *part,
                                struct kw_error *error)
{
    struct kw_values values;
    uint64_t distinct = part->column.distinct;
    part->codes = distinct < SIZE_MAX / 8 ? malloc((distinct + 1) * sizeof *part->codes) : NULL;
    if (!part->codes)
        return kw_fail_memory(error);
    for (uint64_t i = 0; i < distinct; i++)
        part->codes[i] = UINT64_MAX;
    kw_values_init(&values, input->segment, &part->column);
    for (uint32_t d = kw_values_advance(&values, 0); d != KW_NO_DOCUMENT;
         d = kw_values_advance(&values, d + 1)) {
        for (uint32_t i = 0; i < values.count && input->map[d] != KW_NO_DOCUMENT; i++)
            part->codes[kw_values_code(&values, i)] = 0;
    }
    return kw_segment_status(input->segment, error);
}

/* Puts the next keyword of an input that is used into the heap. */
static enum kw_status push_keyword(struct columns *columns, struct kw_merge_heap *heap,
                                   uint32_t input, struct kw_error *error)
{
    struct part *part = &columns->parts[input];
    enum kw_status status;
    do
        status = kw_keywords_next(&part->keywords, error);
    while (!status && part->codes[part->keywords.code] == UINT64_MAX);
    if (!status)
        kw_merge_heap_add(heap, input, kw_bytes_view(&part->keywords.keyword));
    return status == KW_END ? KW_OK : status;
}

/* Writes the merged dictionary and gives keywords their codes. */
static enum kw_status merge_keywords(struct columns *columns, struct kw_merge_heap *heap,
                                     uint64_t *distinct, struct kw_error *error)
{
    struct kw_bytes before = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    while (!status && kw_merge_heap_take(heap)) {
        struct kw_view keyword = heap->keys[heap->group[0]];
        kw_columns_put_keyword(&columns->sections, *distinct, kw_bytes_view(&before), keyword);
        kw_bytes_clear(&before);
        kw_bytes_append_view(&before, keyword);
        for (uint32_t i = 0; i < heap->group_count; i++) {
            struct part *part = &columns->parts[heap->group[i]];
            part->codes[part->keywords.code] = *distinct;
        }
        ++*distinct;
        for (uint32_t i = 0; i < heap->group_count && !status; i++)
            status = push_keyword(columns, heap, heap->group[i], error);
    }
    if (!status)
        status = kw_bytes_status(&before, error);
    kw_bytes_release(&before);
    return status;
}

static enum kw_status write_dictionary(struct columns *columns, uint64_t *distinct,
                                       struct kw_error *error)
{
    struct kw_merge *merge = columns->merge;
    struct kw_merge_heap heap;
    enum kw_status status = kw_merge_heap_init(&heap, merge->count, error);
    for (uint32_t i = 0; i < merge->count && !status; i++) {
        struct part *part = &columns->parts[i];
        if (!part->there)
            continue;
        status = mark_used(&merge->inputs[i], part, error);
        if (!status)
            status = kw_keywords_init(&part->keywords, merge->inputs[i].segment, &part->column, 0,
                                      error);
        if (!status)
            status = push_keyword(columns, &heap, i, error);
    }
    if (!status)
        status = merge_keywords(columns, &heap, distinct, error);
    for (uint32_t i = 0; i < merge->count; i++) {
        if (columns->parts[i].codes)
            kw_keywords_release(&columns->parts[i].keywords);
    }
    kw_merge_heap_release(&heap);
    return status;
}

/* ---- Values ------------------------------------------------------------------------------- */

/* Adds the values of an input's documents that stay. */
static enum kw_status add_values(struct columns *columns, struct kw_merge_input *input,
                                 const struct part *part, struct kw_error *error)
{
    struct kw_column_writer *out = &columns->column;
    struct kw_values values;
    kw_values_init(&values, input->segment, &part->column);
    for (uint32_t d = kw_values_advance(&values, 0); d != KW_NO_DOCUMENT;
         d = kw_values_advance(&values, d + 1)) {
        if (input->map[d] == KW_NO_DOCUMENT)
            continue;
        if (!kw_grow(&out->entries, out->count + values.count))
            return kw_fail_memory(error);
        for (uint32_t i = 0; i < values.count; i++) {
            uint64_t code = kw_values_code(&values, i);
            uint64_t value = part->codes ? part->codes[code] : kw_column_key(&part->column, code);
            out->entries.items[out->count++] = (struct kw_column_entry){value, input->map[d]};
        }
    }
    return kw_segment_status(input->segment, error);
}

static int compare_documents(const void *left, const void *right)
{
    const struct kw_column_entry *a = left, *b = right;
    if (a->document != b->document)
        return a->document < b->document ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

/* Writes the column that the parts are, unless no document that stays has a value. */
static enum kw_status write_column(struct columns *columns, struct kw_view name,
                                   struct kw_error *error)
{
    struct kw_merge *merge = columns->merge;
    struct kw_column_writer *column = &columns->column;
    uint64_t first_block = columns->sections.keyword_index.size / 8;
    uint64_t distinct = 0;
    enum kw_status status = KW_OK;
    column->count = 0;
    column->name = (char *)(uintptr_t)name.data;
    column->name_size = name.size;
    if (column->type == KW_TYPE_KEYWORD)
        status = write_dictionary(columns, &distinct, error);
    for (size_t i = 0; i < merge->count && !status; i++) {
        if (columns->parts[i].there)
            status = add_values(columns, &merge->inputs[i], &columns->parts[i], error);
    }
    if (!status && merge->order && column->count)
        qsort(column->entries.items, column->count, sizeof *column->entries.items,
              compare_documents);
    if (!status && column->count)
        status = kw_columns_put(&columns->sections, column, merge->documents, distinct, first_block,
                                error);
    for (size_t i = 0; i < merge->count; i++) {
        free(columns->parts[i].codes);
        columns->parts[i] = (struct part){.there = false};
    }
    return status;
}

/* ---- All columns -------------------------------------------------------------------------- */

/* Puts the name of the input's column `number`, if it has such a one, into the heap. */
static enum kw_status push_column(struct columns *columns, struct kw_merge_heap *names,
                                  uint32_t input, uint32_t number, struct kw_error *error)
{
    struct kw_segment *segment = columns->merge->inputs[input].segment;
    struct kw_column column;
    if (number >= segment->column_count)
        return KW_OK;
    enum kw_status status = kw_segment_column(segment, number, &column, error);
    if (!status)
        kw_merge_heap_add(names, input, column.name);
    return status;
}

/* Opens the column that comes next in the group's inputs. */
static enum kw_status open_parts(struct columns *columns, const struct kw_merge_heap *names,
                                 const uint32_t *next, struct kw_error *error)
{
    for (uint32_t i = 0; i < names->group_count; i++) {
        uint32_t number = names->group[i];
        struct kw_segment *segment = columns->merge->inputs[number].segment;
        struct part *part = &columns->parts[number];
        enum kw_status status = kw_segment_column(segment, next[number], &part->column, error);
        if (!status && i && part->column.type != columns->column.type) {
            kw_pages_damage(&segment->pages, segment->columns, 0,
                            "a column has another type than in other segments");
            status = kw_segment_status(segment, error);
        }
        if (status)
            return status;
        columns->column.type = part->column.type;
        part->there = true;
    }
    return KW_OK;
}

enum kw_status kw_merge_columns(struct kw_merge *merge, struct kw_error *error)
{
    struct columns columns = {.merge = merge};
    struct kw_merge_heap names;
    uint32_t *next = calloc(merge->count + 1, sizeof *next);
    columns.parts = calloc(merge->count + 1, sizeof *columns.parts);
    enum kw_status status = kw_merge_heap_init(&names, merge->count, error);
    if (!status && (!next || !columns.parts))
        status = kw_fail_memory(error);
    for (uint32_t i = 0; i < merge->count && !status; i++)
        status = push_column(&columns, &names, i, 0, error);
    while (!status && kw_merge_heap_take(&names)) {
        status = open_parts(&columns, &names, next, error);
        if (!status)
            status = write_column(&columns, names.keys[names.group[0]], error);
        for (uint32_t i = 0; i < names.group_count && !status; i++)
            status = push_column(&columns, &names, names.group[i], ++next[names.group[i]], error);
    }
    if (!status)
        status = kw_columns_write(&columns.sections, &merge->pages, error);
    free(next);
    free(columns.parts);
    free(columns.column.entries.items);
    kw_columns_sections_release(&columns.sections);
    kw_merge_heap_release(&names);
    return status;
}
