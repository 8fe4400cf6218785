/* Puts documents into bytes and takes them off again. The bytes stay in the process, so they are
 * not held to anything: a text may stand there by its address. */
#include "engine/native_message.h"

#include <assert.h>
#include <stdlib.h>

enum { TITLE_SEARCHED = 1, TEXT_BORROWED = 2 };

void kw_message_fields_release(struct kw_message_fields *fields)
{
    free(fields->fields.items);
    free(fields->searched.items);
    *fields = (struct kw_message_fields){.fields = {NULL, 0}};
}

/* ---- Putting ------------------------------------------------------------------------------ */

static enum kw_status put_keyword(void *context, struct kw_view column, struct kw_view value,
                                  struct kw_error *error)
{
    struct kw_bytes *bytes = context;
    kw_bytes_append_byte(bytes, KW_TYPE_KEYWORD);
    kw_bytes_string(bytes, column);
    kw_bytes_string(bytes, value);
    return kw_bytes_status(bytes, error);
}

static enum kw_status put_key(void *context, struct kw_view column, enum kw_value_type type,
                              uint64_t key, struct kw_error *error)
{
    struct kw_bytes *bytes = context;
    kw_bytes_append_byte(bytes, (uint8_t)type);
    kw_bytes_string(bytes, column);
    kw_bytes_varint(bytes, key);
    return kw_bytes_status(bytes, error);
}

struct kw_document_sink kw_message_values(struct kw_bytes *bytes)
{
    return (struct kw_document_sink){.context = bytes, .keyword = put_keyword, .key = put_key};
}

void kw_message_put(struct kw_bytes *out, const struct kw_message *message, bool borrow)
{
    const struct kw_document *document = &message->document;
    unsigned flags = (document->title_searched ? TITLE_SEARCHED : 0) | (borrow ? TEXT_BORROWED : 0);
    kw_bytes_append_byte(out, (uint8_t)flags);
    kw_bytes_string(out, document->id);
    kw_bytes_string(out, document->path);
    kw_bytes_varint(out, document->line);
    kw_bytes_string(out, document->title);
    if (borrow)
        kw_bytes_append(out, &document->text, sizeof document->text);
    else
        kw_bytes_string(out, document->text);
    kw_bytes_varint(out, document->field_count);
    for (size_t i = 0; i < document->field_count; i++) {
        const struct kw_field *field = &document->fields[i];
        kw_bytes_string(out, field->name);
        kw_bytes_append_byte(out, (uint8_t)field->kind);
        kw_bytes_append_byte(out, message->searched[i]);
        kw_bytes_string(out, field->value);
    }
    kw_bytes_string(
        out, (struct kw_view){(const uint8_t *)message->language, strlen(message->language) + 1});
    kw_bytes_string(out, message->values);
}

/* ---- Taking ------------------------------------------------------------------------------- */

static struct kw_view take_string(struct kw_view *from)
{
    struct kw_view view = {NULL, 0};
    bool whole = kw_take_string(from, &view);
    assert(whole);
    (void)whole;
    return view;
}

static uint64_t take_varint(struct kw_view *from)
{
    uint64_t number = 0;
    bool whole = kw_take_varint(from, &number);
    assert(whole);
    (void)whole;
    return number;
}

static uint8_t take_byte(struct kw_view *from)
{
    struct kw_view one = {NULL, 0};
    bool whole = kw_take_bytes(from, 1, &one);
    assert(whole);
    (void)whole;
    return *one.data;
}

static void take_field(struct kw_view *from, struct kw_field *field, bool *searched)
{
    struct kw_view name = take_string(from);
    enum kw_field_kind kind = (enum kw_field_kind)take_byte(from);
    *searched = take_byte(from) != 0;
    *field = (struct kw_field){.name = name, .kind = kind, .value = take_string(from)};
}

enum kw_status kw_message_take(struct kw_view *from, struct kw_message_fields *fields,
                               struct kw_message *message, struct kw_error *error)
{
    struct kw_document *document = &message->document;
    struct kw_view borrowed;
    uint8_t flags = take_byte(from);
    *document = (struct kw_document){.title_searched = flags & TITLE_SEARCHED};
    document->id = take_string(from);
    document->path = take_string(from);
    document->line = take_varint(from);
    document->title = take_string(from);
    if (flags & TEXT_BORROWED && kw_take_bytes(from, sizeof document->text, &borrowed))
        memcpy(&document->text, borrowed.data, sizeof document->text);
    else
        document->text = take_string(from);
    document->field_count = (size_t)take_varint(from);
    if (!kw_grow(&fields->fields, document->field_count + 1) ||
        !kw_grow(&fields->searched, document->field_count + 1))
        return kw_fail_memory(error);
    for (size_t i = 0; i < document->field_count; i++)
        take_field(from, &fields->fields.items[i], &fields->searched.items[i]);
    document->fields = fields->fields.items;
    message->searched = fields->searched.items;
    message->language = (const char *)take_string(from).data;
    message->values = take_string(from);
    return KW_OK;
}

enum kw_status kw_message_add_values(const struct kw_message *message,
                                     const struct kw_document_sink *sink, struct kw_error *error)
{
    struct kw_view rest = message->values;
    enum kw_status status = KW_OK;
    while (rest.size && status == KW_OK) {
        enum kw_value_type type = (enum kw_value_type)take_byte(&rest);
        struct kw_view column = take_string(&rest);
        status = type == KW_TYPE_KEYWORD
                     ? sink->keyword(sink->context, column, take_string(&rest), error)
                     : sink->key(sink->context, column, type, take_varint(&rest), error);
    }
    return status;
}
