/* Settings as lines of text, for people with Xapian's own tools to read. */
#include "xapian/settings.h"

#include "xapian/schema.h"

#include <inttypes.h>
#include <stdlib.h>

void kw_settings_release(struct kw_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++)
        free((void *)settings->items[i].name.data);
    free(settings->items);
    free(settings->base);
    *settings = (struct kw_settings)KW_SETTINGS_INIT;
}

/* The place of a name among the fields: that of the first that is not before it. */
static size_t place_of(const struct kw_settings *settings, struct kw_view name)
{
    size_t low = 0;
    size_t high = settings->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kw_view_compare(settings->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct kw_settings_field *kw_settings_find(const struct kw_settings *settings, struct kw_view name)
{
    size_t place = place_of(settings, name);
    if (place < settings->count && kw_view_equal(settings->items[place].name, name))
        return &settings->items[place];
    return NULL;
}

enum kw_status kw_settings_add(struct kw_settings *settings, struct kw_view name,
                               enum kw_value_type type, bool asked, uint32_t slot,
                               struct kw_error *error)
{
    size_t place = place_of(settings, name);
    char *copy = kw_view_string(name);
    if (!copy || !kw_grow(settings, settings->count + 1)) {
        free(copy);
        return kw_fail_memory(error);
    }
    memmove(settings->items + place + 1, settings->items + place,
            (settings->count - place) * sizeof *settings->items);
    settings->items[place] =
        (struct kw_settings_field){{(const uint8_t *)copy, name.size}, type, asked, slot};
    settings->count++;
    return KW_OK;
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* Appends a value so that it holds no blank, no line feed and nothing that is not ASCII. */
static void put_value(struct kw_bytes *out, struct kw_view value)
{
    for (size_t i = 0; i < value.size; i++) {
        uint8_t byte = value.data[i];
        if (byte > ' ' && byte < 0x7F && byte != '%')
            kw_bytes_append_byte(out, byte);
        else
            kw_bytes_format(out, "%%%02x", byte);
    }
}

static void put_number(struct kw_bytes *out, const char *key, uint64_t number)
{
    kw_bytes_format(out, "%s %" PRIu64 "\n", key, number);
}

void kw_settings_write(const struct kw_settings *settings, struct kw_bytes *out)
{
    kw_bytes_clear(out);
    put_number(out, "kwic", KW_XAPIAN_SCHEMA);
    put_number(out, "analysis", settings->analysis.version);
    kw_bytes_format(out, "language %s\n", settings->analysis.language);
    kw_bytes_format(out, "accents %s\n", settings->analysis.keep_accents ? "kept" : "folded");
    kw_bytes_append_text(out, "base ");
    put_value(out, kw_view_of(settings->base));
    kw_bytes_append_text(out, "\n");
    put_number(out, "commit", settings->commit);
    put_number(out, "sources", settings->sources);
    put_number(out, "passages", settings->passages);
    put_number(out, "text", settings->text);
    for (size_t i = 0; i < settings->count; i++) {
        const struct kw_settings_field *field = &settings->items[i];
        kw_bytes_format(out, "field %s%s %" PRIu32 " ", kw_type_name(field->type),
                        field->asked ? "*" : "", field->slot);
        put_value(out, field->name);
        kw_bytes_append_text(out, "\n");
    }
}

/* ---- Reading ------------------------------------------------------------------------------ */

/* Takes what stands before `mark`, and the mark. */
static bool take_until(struct kw_view *text, char mark, struct kw_view *part)
{
    const uint8_t *end = text->size ? memchr(text->data, mark, text->size) : NULL;
    if (!end)
        return false;
    kw_take_bytes(text, (size_t)(end - text->data), part);
    text->data++;
    text->size--;
    return true;
}

static bool read_number(struct kw_view text, uint64_t *number)
{
    uint64_t sum = 0;
    if (!text.size || text.size > 19)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        sum = sum * 10 + (uint64_t)(text.data[i] - '0');
    }
    *number = sum;
    return true;
}

/* Takes the line `key` and a number. */
static bool take_number(struct kw_view *text, const char *key, uint64_t *number)
{
    struct kw_view word;
    struct kw_view line;
    return take_until(text, ' ', &word) && kw_view_equal(word, kw_view_of(key)) &&
           take_until(text, '\n', &line) && read_number(line, number);
}

/* Takes the line `key` and a value. */
static bool take_line(struct kw_view *text, const char *key, struct kw_view *value)
{
    struct kw_view word;
    return take_until(text, ' ', &word) && kw_view_equal(word, kw_view_of(key)) &&
           take_until(text, '\n', value);
}

static int digit_of(uint8_t byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                                        : -1;
}

/* Replaces `out` by a value as it was before it was put. It has no zero byte then. */
static bool read_value(struct kw_view value, struct kw_bytes *out)
{
    kw_bytes_clear(out);
    for (size_t i = 0; i < value.size; i++) {
        uint8_t byte = value.data[i];
        if (byte == '%') {
            int high = i + 2 < value.size ? digit_of(value.data[i + 1]) : -1;
            int low = i + 2 < value.size ? digit_of(value.data[i + 2]) : -1;
            if (high < 0 || low < 0 || !(high | low))
                return false;
            byte = (uint8_t)(high << 4 | low);
            i += 2;
        }
        kw_bytes_append_byte(out, byte);
    }
    return true;
}

/* Takes the lines of the settings as such. */
static bool take_settings(struct kw_view *text, struct kw_settings *settings, struct kw_bytes *base)
{
    struct kw_analysis *analysis = &settings->analysis;
    struct kw_view language;
    struct kw_view accents;
    struct kw_view path;
    uint64_t version;
    if (!take_number(text, "analysis", &version) || version > UINT32_MAX ||
        !take_line(text, "language", &language) || !language.size ||
        language.size >= KW_LANGUAGE_SIZE || memchr(language.data, 0, language.size) ||
        !take_line(text, "accents", &accents) || !take_line(text, "base", &path) ||
        !read_value(path, base) || !base->size || !take_number(text, "commit", &settings->commit) ||
        !take_number(text, "sources", &settings->sources) ||
        !take_number(text, "passages", &settings->passages) ||
        !take_number(text, "text", &settings->text))
        return false;
    analysis->version = (uint32_t)version;
    memcpy(analysis->language, language.data, language.size);
    analysis->keep_accents = kw_view_equal(accents, kw_view_of("kept"));
    return analysis->keep_accents || kw_view_equal(accents, kw_view_of("folded"));
}

/* Takes the line of a field. */
static bool take_field(struct kw_view *text, struct kw_settings_field *field, struct kw_bytes *name)
{
    struct kw_view line;
    struct kw_view type;
    struct kw_view slot;
    uint64_t number;
    if (!take_line(text, "field", &line) || !take_until(&line, ' ', &type) ||
        !take_until(&line, ' ', &slot) || !read_number(slot, &number) || number > UINT32_MAX ||
        !read_value(line, name) || !name->size)
        return false;
    field->asked = type.size && type.data[type.size - 1] == '*';
    type.size -= field->asked;
    field->slot = (uint32_t)number;
    field->name = kw_bytes_view(name);
    return kw_type_named(type, &field->type);
}

/* Whether the field follows those before it and has a slot of its own. */
static bool follows(const struct kw_settings *settings, const struct kw_settings_field *field)
{
    if (settings->count &&
        kw_view_compare(settings->items[settings->count - 1].name, field->name) >= 0)
        return false;
    for (size_t i = 0; i < settings->count; i++)
        if (settings->items[i].slot == field->slot)
            return false;
    return true;
}

static enum kw_status damaged(const char *where, struct kw_error *error)
{
    return kw_fail(error, KW_E_DAMAGED, "'%s' is damaged: its settings make no sense", where);
}

static enum kw_status read_settings(struct kw_settings *settings, struct kw_view text,
                                    const char *where, struct kw_bytes *value,
                                    struct kw_error *error)
{
    uint64_t schema;
    enum kw_status status = KW_OK;
    if (!take_number(&text, "kwic", &schema))
        return damaged(where, error);
    if (schema > KW_XAPIAN_SCHEMA) {
        kw_fail(error, KW_E_VERSION, "'%s' has schema %" PRIu64 ", this kwic reads %d", where,
                schema, KW_XAPIAN_SCHEMA);
        kw_hint(error, "use the kwic that wrote it, or a newer one");
        return KW_E_VERSION;
    }
    if (!schema || !take_settings(&text, settings, value))
        return damaged(where, error);
    settings->base = kw_view_string(kw_bytes_view(value));
    while (settings->base && text.size && status == KW_OK) {
        struct kw_settings_field field;
        if (!take_field(&text, &field, value) || !follows(settings, &field))
            return damaged(where, error);
        status = kw_settings_add(settings, field.name, field.type, field.asked, field.slot, error);
    }
    return settings->base ? status : kw_fail_memory(error);
}

enum kw_status kw_settings_read(struct kw_settings *settings, struct kw_view text,
                                const char *where, struct kw_error *error)
{
    struct kw_bytes value = KW_BYTES_INIT;
    *settings = (struct kw_settings)KW_SETTINGS_INIT;
    enum kw_status status = read_settings(settings, text, where, &value, error);
    if (status == KW_OK)
        status = kw_bytes_status(&value, error);
    if (status != KW_OK)
        kw_settings_release(settings);
    kw_bytes_release(&value);
    return status;
}
