/* Settles the types of fields and keeps them by name. */
#include "engine/field_types.h"

#include "index/format.h"

#include <stdlib.h>

static enum kw_status add_type(struct kw_field_types *types, struct kw_view name,
                               enum kw_value_type type, bool asked, struct kw_error *error)
{
    uint32_t number = kw_names_add(&types->names, name);
    if (number == KW_NO_NAME || !kw_grow(&types->types, (size_t)number + 1))
        return kw_fail_memory(error);
    types->types.items[number] = (struct kw_field_type){type, asked, false};
    return KW_OK;
}

enum kw_status kw_field_types_init(struct kw_field_types *types, const struct kw_manifest *manifest,
                                   struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *types = (struct kw_field_types)KW_FIELD_TYPES_INIT;
    for (uint32_t i = 0; i < manifest->field_count && status == KW_OK; i++) {
        const struct kw_manifest_field *field = &manifest->fields[i];
        struct kw_view name = {(const uint8_t *)field->name, field->name_size};
        status = add_type(types, name, field->type, field->asked, error);
    }
    if (status != KW_OK)
        kw_field_types_release(types);
    return status;
}

void kw_field_types_release(struct kw_field_types *types)
{
    kw_names_release(&types->names);
    free(types->types.items);
    *types = (struct kw_field_types)KW_FIELD_TYPES_INIT;
}

bool kw_field_types_allow(struct kw_view name)
{
    return name.size && name.size <= KW_FIELD_NAME_BYTES && !memchr(name.data, 0, name.size) &&
           !kw_view_equal(name, kw_view_of("title"));
}

static struct kw_field_type *find(struct kw_field_types *types, struct kw_view name)
{
    uint32_t number = kw_names_find(&types->names, name);
    return number == KW_NO_NAME ? NULL : &types->types.items[number];
}

enum kw_status kw_field_types_searched(struct kw_field_types *types, struct kw_segment *segment,
                                       struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (uint32_t i = 0; i < segment->field_count && status == KW_OK; i++) {
        struct kw_field_info info;
        status = kw_segment_field(segment, i, &info, error);
        if (status == KW_OK && kw_field_types_allow(info.name) && !find(types, info.name))
            status = add_type(types, info.name, KW_TYPE_TEXT, false, error);
    }
    return status;
}

enum kw_status kw_field_types_ask(struct kw_field_types *types, struct kw_view name,
                                  enum kw_value_type type, const char *folder,
                                  struct kw_error *error)
{
    int shown = name.size < 300 ? (int)name.size : 300;
    const char *text = (const char *)name.data;
    struct kw_field_type *found = find(types, name);
    if (!kw_field_types_allow(name))
        return kw_fail(error, KW_E_USAGE, "'%.*s' cannot be the name of a field with a type", shown,
                       text);
    if (found && found->type != type) {
        kw_fail(error, KW_E_USAGE, "the field '%.*s' of the index '%.500s' has the type %s, not %s",
                shown, text, folder, kw_type_name(found->type), kw_type_name(type));
        kw_hint(error, "make another index, with '--field %.*s:%s' from its first run on",
                shown < 100 ? shown : 100, text, kw_type_name(type));
        return KW_E_USAGE;
    }
    types->changed = types->changed || !found || !found->asked;
    if (found) {
        found->asked = true;
        return KW_OK;
    }
    if (types->names.count >= KW_TYPED_FIELDS)
        return kw_fail(error, KW_E_USAGE, "the index '%.500s' has %d fields already", folder,
                       KW_TYPED_FIELDS);
    return add_type(types, name, type, true, error);
}

enum kw_status kw_field_types_settle(struct kw_field_types *types, struct kw_view name,
                                     enum kw_value_type type, struct kw_error *error)
{
    if (find(types, name) || types->names.count >= KW_TYPED_FIELDS)
        return KW_OK;
    return add_type(types, name, type, false, error);
}

/* Whether a value settles a type, and which. */
static bool settle(const struct kw_field *field, enum kw_value_type *type)
{
    size_t numbers = 0;
    size_t dates = 0;
    for (size_t i = 0; i < field->scalar_count; i++) {
        const struct kw_scalar *scalar = &field->scalars[i];
        numbers += scalar->kind == KW_SCALAR_NUMBER;
        dates += scalar->kind == KW_SCALAR_STRING && kw_date_evident(scalar->text);
        if (!scalar->text.size)
            return false; /* an empty string is no value */
    }
    *type = numbers && numbers == field->scalar_count ? KW_TYPE_NUMBER
            : dates && dates == field->scalar_count   ? KW_TYPE_DATE
            : field->kind == KW_FIELD_TEXT            ? KW_TYPE_TEXT
                                                      : KW_TYPE_KEYWORD;
    return field->scalar_count > 0;
}

enum kw_status kw_field_types_of(struct kw_field_types *types, const struct kw_field *field,
                                 struct kw_field_type **type, struct kw_error *error)
{
    enum kw_value_type settled;
    *type = NULL;
    if (!kw_field_types_allow(field->name))
        return KW_OK;
    *type = find(types, field->name);
    if (*type || !settle(field, &settled))
        return KW_OK;
    if (types->names.count >= KW_TYPED_FIELDS) {
        types->full = true;
        return KW_OK;
    }
    enum kw_status status = add_type(types, field->name, settled, false, error);
    if (status == KW_OK)
        *type = find(types, field->name);
    return status;
}

static int compare_fields(const void *left, const void *right)
{
    const struct kw_manifest_field *a = left;
    const struct kw_manifest_field *b = right;
    return kw_view_compare((struct kw_view){(const uint8_t *)a->name, a->name_size},
                           (struct kw_view){(const uint8_t *)b->name, b->name_size});
}

enum kw_status kw_field_types_store(const struct kw_field_types *types,
                                    struct kw_manifest *manifest, struct kw_error *error)
{
    size_t count = types->names.count;
    struct kw_manifest_field *fields = calloc(count + 1, sizeof *fields);
    if (!fields)
        return kw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        struct kw_view name = kw_names_get(&types->names, (uint32_t)i);
        fields[i] = (struct kw_manifest_field){.name = (char *)name.data,
                                               .name_size = name.size,
                                               .type = types->types.items[i].type,
                                               .asked = types->types.items[i].asked};
    }
    qsort(fields, count, sizeof *fields, compare_fields);
    enum kw_status status = kw_manifest_set_fields(manifest, fields, (uint32_t)count, error);
    free(fields);
    return status;
}
