/* From JSON values to fields and their plain values. */
#include "ingest/field_list.h"

#include <stdlib.h>

enum { DUMP_FLAGS = JSON_COMPACT | JSON_ENCODE_ANY };

void kw_field_list_clear(struct kw_field_list *list)
{
    list->count = 0;
    list->scalars.count = 0;
    kw_bytes_clear(&list->values);
}

void kw_field_list_release(struct kw_field_list *list)
{
    free(list->items);
    free(list->scalars.items);
    kw_bytes_release(&list->values);
    *list = (struct kw_field_list){.items = NULL};
}

void kw_json_append(const json_t *value, struct kw_bytes *out)
{
    bool plain = !json_is_real(value) && !json_is_object(value) && !json_is_array(value);
    for (size_t digits = 15; digits <= 17; digits++) {
        char *text = json_dumps(value, DUMP_FLAGS | JSON_REAL_PRECISION(digits));
        if (!text) {
            out->failed = true;
            return;
        }
        json_t *again =
            plain || digits == 17 ? NULL : json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        bool same = plain || digits == 17 || (again && json_equal(again, value));
        json_decref(again);
        if (same)
            kw_bytes_append_text(out, text);
        free(text);
        if (same)
            return;
    }
}

/* Appends the JSON of a value to the list's; its view, of which only the size is set yet. */
static struct kw_view append_value(struct kw_field_list *list, const json_t *value)
{
    size_t before = list->values.size;
    kw_json_append(value, &list->values);
    return (struct kw_view){NULL, list->values.size - before};
}

/* Adds a scalar. One whose text is to be found in the list's values has no data yet. */
static bool add_scalar(struct kw_field_list *list, const json_t *value, struct kw_view text)
{
    enum kw_scalar_kind kind = json_is_string(value)   ? KW_SCALAR_STRING
                               : json_is_number(value) ? KW_SCALAR_NUMBER
                                                       : KW_SCALAR_BOOLEAN;
    if (!kw_grow(&list->scalars, list->scalars.count + 1))
        return false;
    if (kind == KW_SCALAR_BOOLEAN)
        text = kw_view_of(json_is_true(value) ? "true" : "false");
    list->scalars.items[list->scalars.count++] = (struct kw_scalar){kind, text};
    return true;
}

/* Adds the scalars of a list behind its own JSON, which has none of them as a text of their own. */
static bool add_elements(struct kw_field_list *list, const json_t *array, struct kw_field *field)
{
    size_t first = list->scalars.count;
    size_t before = list->values.size;
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value)
    {
        struct kw_view text = {NULL, 0};
        if (json_is_object(value) || json_is_array(value)) {
            field->nested = true;
            list->scalars.count = first;
            list->values.size = before;
            return true;
        }
        if (json_is_null(value))
            continue;
        text = json_is_number(value)   ? append_value(list, value)
               : json_is_string(value) ? kw_json_string(value)
                                       : text;
        if (!add_scalar(list, value, text))
            return false;
    }
    field->scalar_count = list->scalars.count - first;
    return true;
}

bool kw_field_list_add(struct kw_field_list *list, const char *name, const json_t *value)
{
    struct kw_field field = {.name = kw_view_of(name), .kind = KW_FIELD_JSON};
    bool added = true;
    if (!kw_grow(list, list->count + 1))
        return false;
    if (json_is_string(value)) {
        field.kind = KW_FIELD_TEXT;
        field.value = kw_json_string(value);
    } else {
        field.value = append_value(list, value);
    }
    if (json_is_array(value)) {
        added = add_elements(list, value, &field);
    } else if (json_is_object(value)) {
        field.nested = true;
    } else if (!json_is_null(value)) {
        field.scalar_count = 1;
        added = add_scalar(list, value, field.value);
    }
    list->items[list->count++] = field;
    return added;
}

bool kw_field_list_finish(struct kw_field_list *list)
{
    const uint8_t *at = list->values.data;
    struct kw_scalar *scalar = list->scalars.items;
    if (list->values.failed)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct kw_field *field = &list->items[i];
        bool own = field->kind == KW_FIELD_JSON;
        if (own) {
            field->value.data = at;
            at += field->value.size;
        }
        field->scalars = scalar;
        for (size_t k = 0; k < field->scalar_count; k++, scalar++) {
            bool list_element = own && field->value.data[0] == '[';
            if (scalar->kind != KW_SCALAR_NUMBER)
                continue;
            scalar->text.data = list_element ? at : field->value.data;
            at += list_element ? scalar->text.size : 0;
        }
    }
    return true;
}
