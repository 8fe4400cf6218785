/* Puts a document back into an index from what is stored of it: record, text and fields. */
#include "lib/repair.h"

#include "ingest/field_list.h"
#include "lib/handle.h"
#include "lib/paths.h"
#include "stemmers/utf8.h"

#include <stdlib.h>

/* Whether what an index says is text can be handed on as such. */
static bool is_text(struct kw_view view)
{
    return kw_utf8_valid(view) == view.size;
}

/* Whether a field that was made again is the one that is stored. */
static bool is_same(const struct kw_field *made, const struct kw_record_field *stored)
{
    return (uint8_t)made->kind == stored->kind && kw_view_equal(made->name, stored->name) &&
           kw_view_equal(made->value, stored->value);
}

/* The JSON value that a stored field was; NULL if it makes no sense, or memory ran out. */
static json_t *value_of(const struct kw_record_field *field)
{
    const char *text = (const char *)field->value.data;
    if (field->kind == KW_FIELD_TEXT)
        return json_stringn(text, field->value.size);
    return json_loadb(text, field->value.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

/* The fields of a record, and what their views point into. */
struct fields {
    struct kw_field_list list;
    json_t *values; /* an array */
    struct kw_arena names;
};

/* Makes the fields of a record; *whole is false if one of them makes no sense. */
static enum kw_status make_fields(struct fields *fields, const struct kw_record *record,
                                  bool *whole, struct kw_error *error)
{
    struct kw_view rest = record->fields;
    struct kw_record_field field;
    fields->values = json_array();
    if (!fields->values)
        return kw_fail_memory(error);
    *whole = true;
    for (uint64_t i = 0; i < record->field_count && *whole; i++) {
        *whole = kw_record_next_field(&rest, &field) && is_text(field.name) &&
                 is_text(field.value) && !memchr(field.name.data, 0, field.name.size);
        json_t *value = *whole ? value_of(&field) : NULL;
        *whole = value && json_array_append_new(fields->values, value) == 0;
        struct kw_view name = *whole ? kw_arena_copy(&fields->names, field.name) : field.name;
        if (*whole &&
            (!name.data || !kw_field_list_add(&fields->list, (const char *)name.data, value)))
            return kw_fail_memory(error);
    }
    if (*whole && !kw_field_list_finish(&fields->list))
        return kw_fail_memory(error);
    rest = record->fields;
    for (uint64_t i = 0; i < record->field_count && *whole; i++)
        *whole = kw_record_next_field(&rest, &field) && is_same(&fields->list.items[i], &field);
    return KW_OK;
}

static void release_fields(struct fields *fields)
{
    kw_field_list_release(&fields->list);
    json_decref(fields->values);
    kw_arena_release(&fields->names);
}

/* What the file of a document was when it was indexed: as the walks know, else as its own columns
 * say. False if neither does. */
static bool find_facts(const struct kw_repair *repair, const struct kw_record *record,
                       const struct kw_salvaged_text *text, struct kw_file_facts *facts)
{
    enum { SECOND = 1000000000 };
    struct kw_known known;
    *facts = text->facts;
    if (text->facts_known)
        return true;
    if (record->is_record ||
        kw_ledger_find(&repair->writer->ledger, record->path, &known, NULL) != KW_OK ||
        known.size == KW_UNFINISHED)
        return false;
    *facts = (struct kw_file_facts){known.size, known.mtime / SECOND - (known.mtime % SECOND < 0)};
    return true;
}

/* Adds a document whose text and fields hold, and holds it to the number of words that it had. */
static enum kw_status add(struct kw_repair *repair, const struct kw_document *document,
                          const struct kw_salvaged_text *text, bool *whole, struct kw_error *error)
{
    struct kw_engine_writer *engine = repair->writer->engine;
    struct kw_added added;
    uint64_t words = engine->ops->words(engine);
    enum kw_status status = engine->ops->add(engine, document, &added, error);
    if (status != KW_OK)
        return status;
    words = engine->ops->words(engine) - words;
    *whole = text->words_known ? words == text->words : words >= text->body;
    return *whole ? KW_OK : engine->ops->remove(engine, document->id, error);
}

enum kw_status kw_repair_restore(struct kw_repair *repair, size_t wreck, uint32_t document,
                                 const struct kw_record *record, bool bare, bool *whole,
                                 struct kw_error *error)
{
    struct kw_salvaged_text text = {.text = KW_BYTES_INIT};
    struct fields fields = {.names = KW_ARENA_INIT};
    struct kw_file_facts facts;
    enum kw_status status = kw_rescue_text(repair->rescue, wreck, document, record, &text, error);
    *whole = status == KW_OK && is_text(record->title) && is_text(kw_bytes_view(&text.text));
    if (status == KW_E_DAMAGED || status == KW_E_NOT_FOUND)
        status = KW_OK;
    if (status == KW_OK && *whole)
        status = make_fields(&fields, record, whole, error);
    if (status == KW_OK && *whole) {
        struct kw_document again = {
            .id = record->id,
            .path = record->path,
            .line = record->line,
            .title = record->title,
            .title_searched = record->title_searched,
            .text = kw_bytes_view(&text.text),
            .fields = fields.list.items,
            .field_count = fields.list.count,
        };
        bool is_file =
            (!record->is_record || kw_is_member(record)) && !kw_path_is_stream(record->path);
        if (is_file && find_facts(repair, record, &text, &facts))
            again.file = &facts;
        *whole = !is_file || again.file || bare;
        if (*whole)
            status = add(repair, &again, &text, whole, error);
    }
    release_fields(&fields);
    kw_bytes_release(&text.text);
    return status;
}
