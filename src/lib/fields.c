/* The fields of an index: what can be asked of them, their types, and those of a document. */
#include "ingest/document.h"
#include "lib/handle.h"
#include "lib/paths.h"
#include "lib/status.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- What can be asked -------------------------------------------------------------------- */

struct fields {
    struct kw_query_field *items;
    size_t count;
    size_t capacity;
};

static int compare_fields(const void *a, const void *b)
{
    return kw_view_compare(((const struct kw_query_field *)a)->name,
                           ((const struct kw_query_field *)b)->name);
}

static enum kw_status add_field(struct fields *fields, struct kw_view name, unsigned uses,
                                struct kw_error *error)
{
    if (!kw_grow(fields, fields->count + 1))
        return kw_fail_memory(error);
    fields->items[fields->count++] = (struct kw_query_field){name, uses};
    return KW_OK;
}

/* What can be asked of a field. */
static unsigned uses_of(const struct kw_engine_field *field)
{
    if (!field->typed)
        return KW_FIELD_WORDS;
    return field->type == KW_TYPE_NUMBER    ? KW_FIELD_NUMBER
           : field->type == KW_TYPE_DATE    ? KW_FIELD_DATE
           : field->type == KW_TYPE_KEYWORD ? KW_FIELD_KEYWORD
                                            : KW_FIELD_WORDS;
}

/* Adds the fields of a member. */
static enum kw_status add_fields(struct fields *fields, struct kw_engine *engine,
                                 struct kw_error *error)
{
    struct kw_engine_field field;
    enum kw_status status;
    uint64_t at = 0;
    while ((status = engine->ops->field(engine, &at, &field, error)) == KW_OK) {
        status = add_field(fields, field.name, uses_of(&field), error);
        if (status != KW_OK)
            return status;
    }
    return status == KW_END ? KW_OK : status;
}

enum kw_status kw_index_fields(struct kwic_index *index, struct kw_error *error)
{
    struct fields fields = {NULL, 0, 0};
    if (index->fields)
        return KW_OK;
    enum kw_status status = add_field(&fields, kw_view_of("title"), KW_FIELD_WORDS, error);
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = add_fields(&fields, index->members[i].engine, error);
    if (status != KW_OK) {
        free(fields.items);
        return status;
    }
    qsort(fields.items, fields.count, sizeof *fields.items, compare_fields);
    index->field_count = 1;
    for (size_t i = 1; i < fields.count; i++) {
        struct kw_query_field *last = &fields.items[index->field_count - 1];
        if (kw_view_equal(fields.items[i].name, last->name))
            last->uses |= fields.items[i].uses;
        else
            fields.items[index->field_count++] = fields.items[i];
    }
    index->fields = fields.items;
    return KW_OK;
}

/* ---- Types -------------------------------------------------------------------------------- */

enum kwic_field_type kw_public_type(enum kw_value_type type)
{
    switch (type) {
    case KW_TYPE_KEYWORD:
        return KWIC_TYPE_KEYWORD;
    case KW_TYPE_NUMBER:
        return KWIC_TYPE_NUMBER;
    case KW_TYPE_DATE:
        return KWIC_TYPE_DATE;
    case KW_TYPE_TEXT:
        break;
    }
    return KWIC_TYPE_TEXT;
}

static int compare_types(const void *a, const void *b)
{
    const struct kwic_field_info *left = a;
    const struct kwic_field_info *right = b;
    int order = kw_view_compare(kw_view_of_text(left->name), kw_view_of_text(right->name));
    return order ? order : (left->type > right->type) - (left->type < right->type);
}

struct types {
    struct kwic_field_info *items;
    size_t count;
    size_t capacity;
};

/* Adds the types of a member's fields. */
static enum kw_status add_types(struct types *types, struct kw_engine *engine,
                                struct kw_error *error)
{
    struct kw_engine_field field;
    enum kw_status status;
    uint64_t at = 0;
    while ((status = engine->ops->field(engine, &at, &field, error)) == KW_OK) {
        if (!field.typed)
            continue;
        if (!kw_grow(types, types->count + 1))
            return kw_fail_memory(error);
        types->items[types->count++] = (struct kwic_field_info){.name = kw_text_of(field.name),
                                                                .type = kw_public_type(field.type),
                                                                .asked = field.asked};
    }
    return status == KW_END ? KW_OK : status;
}

/* Lists the types of all members, each once: index->types. */
static enum kw_status list_types(struct kwic_index *index, struct kw_error *error)
{
    struct types types = {NULL, 0, 0};
    enum kw_status status = KW_OK;
    size_t kept = 0;
    if (index->types_listed)
        return KW_OK;
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = add_types(&types, index->members[i].engine, error);
    if (status != KW_OK) {
        free(types.items);
        return status;
    }
    if (types.count)
        qsort(types.items, types.count, sizeof *types.items, compare_types);
    for (size_t i = 0; i < types.count; i++) {
        if (kept && compare_types(&types.items[kept - 1], &types.items[i]) == 0)
            types.items[kept - 1].asked |= types.items[i].asked;
        else
            types.items[kept++] = types.items[i];
    }
    index->types = types.items;
    index->type_count = kept;
    index->types_listed = true;
    return KW_OK;
}

enum kwic_status kwic_index_fields(struct kwic_index *index, const struct kwic_field_info **fields,
                                   size_t *count, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    unsigned tries = 0;
    enum kw_status status;
    do {
        status = list_types(index, &inner);
    } while (kw_index_again(index, &tries, &status, &inner));
    index->types_lent = status == KW_OK;
    *fields = status == KW_OK ? index->types : NULL;
    *count = status == KW_OK ? index->type_count : 0;
    return kw_publish(status, &inner, error);
}

enum kw_status kw_index_need_values(struct kwic_index *index, struct kw_view name,
                                    struct kw_error *error)
{
    enum kw_status status = list_types(index, error);
    if (status != KW_OK)
        return status;
    for (size_t i = 0; i < index->type_count; i++)
        if (kw_view_equal(kw_view_of_text(index->types[i].name), name))
            return KW_OK;
    status = kw_index_fields(index, error);
    if (status != KW_OK)
        return status;
    bool searched = false;
    for (size_t i = 0; i < index->field_count && !searched; i++)
        searched = kw_view_equal(index->fields[i].name, name);
    int shown = (int)(name.size < 300 ? name.size : 300);
    kw_fail(error, KW_E_USAGE,
            searched ? "the field '%.*s' can be searched, but has no values to sort by or count"
                     : "no field '%.*s' in the index",
            shown, (const char *)name.data);
    kw_hint(error, "'kwic stats' lists the fields");
    return KW_E_USAGE;
}

/* ---- A document's ------------------------------------------------------------------------- */

/* What a file has without being asked, in the order in which it is shown. */
static const char *const implied[] = {"path", "name", "ext", "size", "date", "lang"};

enum { IMPLIED = sizeof implied / sizeof *implied };

static bool has_field(const struct kw_record *record, const char *name)
{
    struct kw_view fields = record->fields;
    struct kw_record_field field;
    for (uint64_t i = 0; i < record->field_count && kw_record_next_field(&fields, &field); i++)
        if (kw_view_equal(field.name, kw_view_of(name)))
            return true;
    return false;
}

static enum kw_status add_outside(struct kw_outside *outside, struct kwic_field field,
                                  struct kw_error *error)
{
    if (!kw_grow(outside, outside->count + 1))
        return kw_fail_memory(error);
    outside->items[outside->count++] = field;
    return KW_OK;
}

/* Adds what columns know of a file. Views into the text are set when all of it is there. */
static enum kw_status add_implied(struct kw_outside *outside, struct kw_engine *engine,
                                  uint64_t document, const struct kw_record *record,
                                  struct kw_error *error)
{
    for (size_t i = 0; i < IMPLIED; i++) {
        enum kw_value_type type;
        size_t before = outside->text.size;
        if (has_field(record, implied[i]))
            continue;
        enum kw_status status = engine->ops->value(engine, document, kw_view_of(implied[i]), 0,
                                                   &type, &outside->text, error);
        if (status == KW_E_NOT_FOUND)
            continue;
        struct kwic_field field = {
            .name = KWIC_TEXT(implied[i]),
            .kind = type == KW_TYPE_NUMBER ? KWIC_FIELD_JSON : KWIC_FIELD_TEXT,
            .value = {NULL, outside->text.size - before},
        };
        if (status == KW_OK)
            status = add_outside(outside, field, error);
        if (status != KW_OK)
            return status;
    }
    size_t at = 0;
    for (size_t i = 0; i < outside->count; i++) {
        outside->items[i].value.data = (const char *)outside->text.data + at;
        at += outside->items[i].value.size;
    }
    return kw_bytes_status(&outside->text, error);
}

enum kw_status kw_outside_fill(struct kw_outside *outside, const struct kw_member *member,
                               const struct kw_record *record, struct kw_error *error)
{
    free(outside->path);
    outside->count = 0;
    kw_bytes_clear(&outside->text);
    if (kw_path_is_stream(record->path)) {
        outside->path = strdup("");
    } else {
        if (!outside->here)
            outside->here = getcwd(NULL, 0);
        outside->path = kw_path_shown_in(outside->here, member->base,
                                         kw_is_member(record) ? record->id : record->path);
    }
    return outside->path ? KW_OK : kw_fail_memory(error);
}

enum kw_status kw_outside_fields(struct kw_outside *outside, const struct kw_member *member,
                                 uint64_t document, const struct kw_record *record,
                                 struct kw_error *error)
{
    struct kw_view fields = record->fields;
    struct kw_record_field field;
    enum kw_status status = KW_OK;
    if (!record->is_record || kw_is_member(record))
        status = add_implied(outside, member->engine, document, record, error);
    for (uint64_t i = 0; i < record->field_count && status == KW_OK; i++) {
        if (!kw_record_next_field(&fields, &field))
            break;
        bool json = field.kind == KW_FIELD_JSON;
        status = add_outside(outside,
                             (struct kwic_field){.name = kw_text_of(field.name),
                                                 .kind = json ? KWIC_FIELD_JSON : KWIC_FIELD_TEXT,
                                                 .value = kw_text_of(field.value)},
                             error);
    }
    return status;
}

void kw_outside_release(struct kw_outside *outside)
{
    free(outside->path);
    free(outside->here);
    free(outside->items);
    kw_bytes_release(&outside->text);
    *outside = (struct kw_outside){.path = NULL};
}
