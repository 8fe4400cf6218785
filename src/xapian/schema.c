/* Writes terms with their prefixes, and values into slots. */
#include "xapian/schema.h"

#include <ctype.h>

enum { HASH_DIGITS = 16, LANGUAGE_DIGITS = 8, ESCAPED = 3, KEY_BYTES = 8 };

/* 64-bit FNV-1a (Fowler, Noll, Vo). */
static uint64_t hash64(struct kw_view bytes)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * UINT64_C(0x100000001B3);
    return hash;
}

/* ---- Names -------------------------------------------------------------------------------- */

static bool stays(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

/* How many bytes a name takes in a term. */
static size_t name_size(struct kw_view name)
{
    size_t size = 0;
    for (size_t i = 0; i < name.size; i++)
        size += (name.data[i] >= 'a' && name.data[i] <= 'z') || stays(name.data[i]) ? 1 : ESCAPED;
    return size;
}

/* Appends as much of a name, in capital letters, as fits into `room` bytes. */
static void put_letters(struct kw_bytes *out, struct kw_view name, size_t room)
{
    for (size_t i = 0; i < name.size; i++) {
        uint8_t byte = name.data[i];
        bool letter = byte >= 'a' && byte <= 'z';
        size_t size = letter || stays(byte) ? 1 : ESCAPED;
        if (size > room)
            return;
        if (size == 1)
            kw_bytes_append_byte(out, letter ? (uint8_t)(byte - 'a' + 'A') : byte);
        else
            kw_bytes_format(out, "=%02x", byte);
        room -= size;
    }
}

/* Appends a name; one over `most` bytes as its beginning and `digits` digits of its hash. */
static void put_name(struct kw_bytes *out, struct kw_view name, size_t most, int digits)
{
    if (name_size(name) <= most) {
        put_letters(out, name, most);
        return;
    }
    put_letters(out, name, most - 1 - (size_t)digits);
    kw_bytes_format(out, "~%0*llx", digits,
                    (unsigned long long)(hash64(name) >> (64 - 4 * digits)));
}

static void put_field(struct kw_bytes *out, const char *prefix, struct kw_view field)
{
    kw_bytes_append_text(out, prefix);
    put_name(out, field, KW_XAPIAN_NAME, HASH_DIGITS);
    kw_bytes_append_byte(out, ':');
}

/* Takes a field's name out of a term that is nothing else behind `prefix`. */
static bool take_field(struct kw_view term, const char *prefix, struct kw_bytes *name)
{
    kw_bytes_clear(name);
    if (term.size < 3 || memcmp(term.data, prefix, 2) != 0 || term.data[term.size - 1] != ':')
        return false;
    for (size_t i = 2; i < term.size - 1; i++) {
        uint8_t byte = term.data[i];
        if (byte >= 'A' && byte <= 'Z') {
            kw_bytes_append_byte(name, (uint8_t)(byte - 'A' + 'a'));
        } else if (stays(byte)) {
            kw_bytes_append_byte(name, byte);
        } else if (byte == '=' && i + 2 < term.size - 1 && isxdigit(term.data[i + 1]) &&
                   isxdigit(term.data[i + 2])) {
            static const char digits[] = "0123456789abcdef";
            const char *high = strchr(digits, tolower(term.data[i + 1]));
            const char *low = strchr(digits, tolower(term.data[i + 2]));
            kw_bytes_append_byte(name, (uint8_t)((high - digits) << 4 | (low - digits)));
            i += 2;
        } else {
            return false;
        }
    }
    return true;
}

bool kw_schema_field_of(struct kw_view term, struct kw_bytes *name)
{
    return take_field(term, KW_SCHEMA_HAS, name);
}

bool kw_schema_typed_of(struct kw_view term, struct kw_bytes *name, enum kw_value_type *type)
{
    if (!term.size)
        return false;
    *type = (enum kw_value_type)term.data[term.size - 1];
    return kw_type_name(*type) &&
           take_field((struct kw_view){term.data, term.size - 1}, KW_SCHEMA_TYPED, name);
}

/* ---- Words -------------------------------------------------------------------------------- */

/* Appends what stands before the terms of a field. */
static void put_prefix(struct kw_bytes *out, struct kw_view field)
{
    if (!field.size)
        return;
    if (kw_view_equal(field, kw_view_of("title")))
        kw_bytes_append_byte(out, 'S');
    else if (kw_view_equal(field, kw_view_of("author")))
        kw_bytes_append_byte(out, 'A');
    else
        put_field(out, "XF", field);
}

void kw_schema_surface(struct kw_bytes *out, struct kw_view field, struct kw_view surface)
{
    kw_bytes_clear(out);
    put_prefix(out, field);
    kw_bytes_append_view(out, surface);
}

void kw_schema_stem(struct kw_bytes *out, struct kw_view field, const char *language,
                    struct kw_view stem)
{
    kw_bytes_clear(out);
    kw_bytes_append_byte(out, 'Z');
    if (language) {
        kw_bytes_append_text(out, "XL");
        put_name(out, kw_view_of(language), KW_XAPIAN_LANGUAGE, LANGUAGE_DIGITS);
        kw_bytes_append_byte(out, ':');
    }
    put_prefix(out, field);
    kw_bytes_append_view(out, stem);
}

void kw_schema_has(struct kw_bytes *out, struct kw_view field)
{
    kw_bytes_clear(out);
    put_field(out, KW_SCHEMA_HAS, field);
}

void kw_schema_several(struct kw_bytes *out, struct kw_view field)
{
    kw_bytes_clear(out);
    put_field(out, "XM", field);
}

void kw_schema_typed(struct kw_bytes *out, struct kw_view field, enum kw_value_type type)
{
    kw_bytes_clear(out);
    put_field(out, KW_SCHEMA_TYPED, field);
    kw_bytes_append_byte(out, (uint8_t)type);
}

void kw_schema_settings(struct kw_bytes *out, const struct kw_analysis *settings)
{
    kw_bytes_clear(out);
    kw_bytes_format(out, "XV%u:%s:%d", (unsigned)settings->version, settings->language,
                    settings->keep_accents);
}

void kw_schema_length(struct kw_bytes *out, struct kw_view field, unsigned bit)
{
    kw_schema_has(out, field);
    kw_bytes_format(out, "%u", bit);
}

/* ---- Whole values ------------------------------------------------------------------------- */

/* Bytes that Xapian stores of a term. */
static size_t stored_size(struct kw_view bytes)
{
    size_t size = bytes.size;
    for (size_t i = 0; i < bytes.size; i++)
        size += bytes.data[i] == 0;
    return size;
}

/* Appends a value behind the prefix in `out`, cut if it is too long. */
static void put_value(struct kw_bytes *out, struct kw_view value)
{
    size_t room = KW_XAPIAN_TERM - out->size;
    if (stored_size(value) <= room) {
        kw_bytes_append_view(out, value);
        return;
    }
    size_t size = 0;
    size_t stored = 0;
    while (stored + 1 + (value.data[size] == 0) <= room - 1 - HASH_DIGITS)
        stored += 1 + (value.data[size++] == 0);
    kw_bytes_append(out, value.data, size);
    kw_bytes_format(out, "~%016llx", (unsigned long long)hash64(value));
}

static void put_whole(struct kw_bytes *out, char prefix, struct kw_view value)
{
    kw_bytes_clear(out);
    kw_bytes_append_byte(out, (uint8_t)prefix);
    put_value(out, value);
}

void kw_schema_id(struct kw_bytes *out, struct kw_view id)
{
    put_whole(out, 'Q', id);
}

void kw_schema_path(struct kw_bytes *out, struct kw_view path)
{
    put_whole(out, 'P', path);
}

void kw_schema_language(struct kw_bytes *out, struct kw_view language)
{
    put_whole(out, 'L', language);
}

void kw_schema_keyword(struct kw_bytes *out, struct kw_view field, struct kw_view value)
{
    kw_bytes_clear(out);
    put_field(out, "XK", field);
    put_value(out, value);
}

/* ---- Value slots -------------------------------------------------------------------------- */

static const uint32_t first_slot = UINT32_C(1) << 31; /* those below are for others */

uint32_t kw_schema_slot(struct kw_view field)
{
    uint32_t hash = UINT32_C(0x811C9DC5); /* 32-bit FNV-1a */
    for (size_t i = 0; i < field.size; i++)
        hash = (hash ^ field.data[i]) * UINT32_C(0x01000193);
    hash |= first_slot;
    return hash == UINT32_MAX ? first_slot : hash;
}

uint32_t kw_schema_next_slot(uint32_t slot)
{
    return slot >= UINT32_MAX - 1 ? first_slot : slot + 1;
}

void kw_slot_keys(struct kw_bytes *out, enum kw_value_type type, const uint64_t *keys, size_t count)
{
    kw_bytes_clear(out);
    kw_bytes_append_byte(out, (uint8_t)type);
    for (size_t i = 0; i < count; i++)
        for (int shift = 56; shift >= 0; shift -= 8)
            kw_bytes_append_byte(out, (uint8_t)(keys[i] >> shift));
}

void kw_slot_keywords(struct kw_bytes *out, const struct kw_view *keywords, size_t count)
{
    kw_bytes_clear(out);
    kw_bytes_append_byte(out, KW_TYPE_KEYWORD);
    for (size_t i = 0; i < count; i++)
        kw_bytes_string(out, keywords[i]);
}

static bool are_keys(struct kw_slot_values values)
{
    uint64_t last = 0;
    uint64_t key;
    size_t count = values.rest.size / KEY_BYTES;
    if (!count || values.rest.size % KEY_BYTES)
        return false;
    for (size_t i = 0; i < count; i++) {
        char text[KW_VALUE_SIZE];
        kw_slot_next_key(&values, &key);
        if ((i && key <= last) || !kw_key_format(values.type, key, text))
            return false;
        last = key;
    }
    return true;
}

static bool are_keywords(struct kw_slot_values values)
{
    struct kw_view last = {NULL, 0};
    struct kw_view keyword;
    if (!values.rest.size)
        return false;
    while (values.rest.size) {
        if (!kw_take_string(&values.rest, &keyword) || !keyword.size ||
            kw_view_compare(keyword, last) <= 0)
            return false;
        last = keyword;
    }
    return true;
}

bool kw_slot_values_init(struct kw_slot_values *values, struct kw_view slot)
{
    struct kw_view type;
    values->rest = slot;
    if (!kw_take_bytes(&values->rest, 1, &type))
        return false;
    values->type = (enum kw_value_type)type.data[0];
    if (values->type == KW_TYPE_KEYWORD)
        return are_keywords(*values);
    return (values->type == KW_TYPE_NUMBER || values->type == KW_TYPE_DATE) && are_keys(*values);
}

bool kw_slot_next_key(struct kw_slot_values *values, uint64_t *key)
{
    struct kw_view bytes;
    uint64_t number = 0;
    if (values->type == KW_TYPE_KEYWORD || !kw_take_bytes(&values->rest, KEY_BYTES, &bytes))
        return false;
    for (size_t i = 0; i < KEY_BYTES; i++)
        number = number << 8 | bytes.data[i];
    *key = number;
    return true;
}

bool kw_slot_next_keyword(struct kw_slot_values *values, struct kw_view *keyword)
{
    return values->type == KW_TYPE_KEYWORD && kw_take_string(&values->rest, keyword);
}
