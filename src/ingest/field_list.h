/* The fields of a document, made from JSON values by libjansson. */
#ifndef KW_INGEST_FIELD_LIST_H
#define KW_INGEST_FIELD_LIST_H

#include "ingest/document.h"

#include <jansson.h>

/* Zeroed is empty. */
struct kw_field_list {
    struct kw_field *items; /* valid once kw_field_list_finish returned true */
    size_t count;
    size_t capacity;
    struct {
        struct kw_scalar *items;
        size_t count;
        size_t capacity;
    } scalars;
    struct kw_bytes values; /* compact JSON, whose views are set at the end */
};

void kw_field_list_clear(struct kw_field_list *list);
void kw_field_list_release(struct kw_field_list *list);

/* Adds a field: a string becomes a text field and all else a JSON field. Name and value must stay
 * as they are as long as the list is used. False if memory runs out. */
bool kw_field_list_add(struct kw_field_list *list, const char *name, const json_t *value);

/* Sets all views; nothing can be added until the next clear. False if memory ran out. */
bool kw_field_list_finish(struct kw_field_list *list);

/* Appends compact JSON that reads back as the same value, with as few digits as that takes; marks
 * `out` failed if memory runs out. */
void kw_json_append(const json_t *value, struct kw_bytes *out);

/* The bytes of a JSON string, valid as long as it. */
static inline struct kw_view kw_json_string(const json_t *string)
{
    return (struct kw_view){(const uint8_t *)json_string_value(string), json_string_length(string)};
}

#endif
