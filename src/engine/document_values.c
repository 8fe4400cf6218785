/* Gives documents their values in columns. What counts as which value is stated in
 * kwic-format(5), which a second reader goes by. */
#include "engine/document_values.h"

#include "stemmers/guess.h"
#include "stemmers/language.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define SECOND INT64_C(1000000)

/* The moment that a number stands for in a field of dates: a whole one up to 9999 is a year, any
 * other counts seconds since 1970. */
static bool date_of_number(struct kw_view text, int64_t *date)
{
    double number;
    char year[8];
    struct kw_period span;
    if (!kw_number_parse(text, &number) || !(fabs(number) < 1e12))
        return false;
    if (number >= 0 && number <= 9999 && number == floor(number)) {
        snprintf(year, sizeof year, "%04d", (int)number);
        if (!kw_date_parse(kw_view_of(year), &span))
            return false;
        *date = span.first;
        return true;
    }
    *date = (int64_t)floor(number * (double)SECOND);
    return kw_date_known(*date);
}

/* The key of a scalar in a column of numbers or dates; false if it does not fit. */
static bool key_of(enum kw_value_type type, const struct kw_scalar *scalar, uint64_t *key)
{
    double number;
    int64_t date;
    struct kw_period span;
    if (scalar->kind == KW_SCALAR_BOOLEAN)
        return false;
    if (type == KW_TYPE_NUMBER) {
        if (!kw_number_parse(scalar->text, &number))
            return false;
        *key = kw_number_key(number);
        return true;
    }
    if (scalar->kind == KW_SCALAR_NUMBER) {
        if (!date_of_number(scalar->text, &date))
            return false;
        *key = kw_date_key(date);
        return true;
    }
    if (!kw_date_parse(scalar->text, &span))
        return false;
    *key = kw_date_key(span.first);
    return true;
}

/* Adds a scalar to the column of its field; *fits: it is a value of the type, or no value. */
static enum kw_status put_scalar(const struct kw_document_sink *sink, struct kw_view name,
                                 enum kw_value_type type, const struct kw_scalar *scalar,
                                 bool *fits, struct kw_error *error)
{
    uint64_t key;
    *fits = true;
    if (!scalar->text.size || (type == KW_TYPE_TEXT && scalar->text.size > KW_SHORT_TEXT_BYTES))
        return KW_OK;
    if (type == KW_TYPE_TEXT || type == KW_TYPE_KEYWORD) {
        *fits = scalar->text.size <= KW_KEYWORD_BYTES;
        return *fits ? sink->keyword(sink->context, name, scalar->text, error) : KW_OK;
    }
    *fits = key_of(type, scalar, &key);
    return *fits ? sink->key(sink->context, name, type, key, error) : KW_OK;
}

static enum kw_status note_misfit(struct kw_misfits *misfits, const struct kw_field *field,
                                  struct kw_field_type *type, struct kw_error *error)
{
    if (!kw_grow(misfits, misfits->count + 1))
        return kw_fail_memory(error);
    misfits->items[misfits->count++] =
        (struct kw_misfit){field, type->type, type->asked, !type->told};
    type->told = true;
    return KW_OK;
}

/* Adds the values of one of the document's own fields. */
static enum kw_status add_field(const struct kw_document_sink *sink, struct kw_field_types *types,
                                const struct kw_field *field, struct kw_misfits *misfits,
                                struct kw_error *error)
{
    struct kw_field_type *type;
    enum kw_status status = kw_field_types_of(types, field, &type, error);
    if (status == KW_OK && !type && types->full && !types->full_told && field->scalar_count) {
        struct kw_field_type none = {.told = false};
        types->full_told = true;
        return note_misfit(misfits, field, &none, error);
    }
    if (status != KW_OK || !type)
        return status;
    bool all_fit = !field->nested || type->type == KW_TYPE_TEXT;
    for (size_t i = 0; i < field->scalar_count && status == KW_OK; i++) {
        bool fits;
        status = put_scalar(sink, field->name, type->type, &field->scalars[i], &fits, error);
        all_fit = all_fit && fits;
    }
    return status == KW_OK && !all_fit ? note_misfit(misfits, field, type, error) : status;
}

enum kw_status kw_document_values_settle(struct kw_field_types *types,
                                         const struct kw_document *document, struct kw_error *error)
{
    static const struct {
        const char *name;
        enum kw_value_type type;
        bool of_files; /* alone */
    } implied[] = {{"path", KW_TYPE_KEYWORD, false}, {"name", KW_TYPE_KEYWORD, true},
                   {"ext", KW_TYPE_KEYWORD, true},   {"size", KW_TYPE_NUMBER, true},
                   {"date", KW_TYPE_DATE, true},     {"lang", KW_TYPE_KEYWORD, false}};
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < document->field_count; i++) {
        const struct kw_field *field = &document->fields[i];
        for (size_t k = 0; k < sizeof implied / sizeof *implied && status == KW_OK; k++)
            if (field->scalar_count && (document->file || !implied[k].of_files) &&
                kw_view_equal(field->name, kw_view_of(implied[k].name)))
                status = kw_field_types_settle(types, field->name, implied[k].type, error);
    }
    return status;
}

/* Adds a value that the document has without a field of its own for it. */
static enum kw_status add_implied(const struct kw_document_sink *sink, struct kw_field_types *types,
                                  const struct kw_document *document, const char *name,
                                  struct kw_scalar scalar, struct kw_error *error)
{
    struct kw_field field = {.name = kw_view_of(name),
                             .kind = KW_FIELD_JSON, /* a string is a keyword, not words */
                             .value = scalar.text,
                             .scalars = &scalar,
                             .scalar_count = 1};
    struct kw_field_type *type;
    bool fits;
    for (size_t i = 0; i < document->field_count; i++)
        if (kw_view_equal(document->fields[i].name, field.name))
            return KW_OK;
    enum kw_status status = kw_field_types_of(types, &field, &type, error);
    if (status != KW_OK || !type)
        return status;
    return put_scalar(sink, field.name, type->type, &scalar, &fits, error);
}

/* The name's extension in lower case: up to 16 letters, digits and `+`, `-`, `_` behind its last
 * dot, which does not begin it. Its length, 0 if there is none. */
static size_t extension_of(struct kw_view name, char out[16])
{
    const uint8_t *dot = memrchr(name.data, '.', name.size);
    size_t size = dot && dot > name.data ? (size_t)(name.data + name.size - dot) - 1 : 0;
    if (size > 16)
        return 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = dot[1 + i];
        if (c >= 0x80 || (!isalnum(c) && !(c && strchr("+-_", c))))
            return 0;
        out[i] = (char)tolower(c);
    }
    return size;
}

/* Adds what a path tells: itself, and of a file its last part and extension. That of a file in an
 * archive is its id, below the archive's own. */
static enum kw_status add_path(const struct kw_document_sink *sink, struct kw_field_types *types,
                               const struct kw_document *document, struct kw_error *error)
{
    struct kw_view path = document->file ? document->id : document->path;
    struct kw_view name = path;
    char extension[16];
    if (!document->path.size || document->path.data[0] == '/') /* it came from standard input */
        return KW_OK;
    enum kw_status status = add_implied(sink, types, document, "path",
                                        (struct kw_scalar){KW_SCALAR_STRING, path}, error);
    if (status != KW_OK || !document->file)
        return status;
    const uint8_t *slash = memrchr(path.data, '/', path.size);
    if (slash)
        name = (struct kw_view){slash + 1, (size_t)(path.data + path.size - slash) - 1};
    status = add_implied(sink, types, document, "name", (struct kw_scalar){KW_SCALAR_STRING, name},
                         error);
    size_t size = extension_of(name, extension);
    if (status == KW_OK && size)
        status = add_implied(
            sink, types, document, "ext",
            (struct kw_scalar){KW_SCALAR_STRING, {(const uint8_t *)extension, size}}, error);
    return status;
}

static enum kw_status add_file(const struct kw_document_sink *sink, struct kw_field_types *types,
                               const struct kw_document *document, struct kw_error *error)
{
    char text[KW_VALUE_SIZE];
    int64_t seconds = document->file->modified;
    snprintf(text, sizeof text, "%" PRIu64, document->file->size);
    enum kw_status status =
        add_implied(sink, types, document, "size",
                    (struct kw_scalar){KW_SCALAR_NUMBER, kw_view_of(text)}, error);
    if (status != KW_OK || seconds > INT64_MAX / SECOND || seconds < INT64_MIN / SECOND ||
        !kw_date_known(seconds * SECOND))
        return status;
    kw_date_format(seconds * SECOND, text);
    return add_implied(sink, types, document, "date",
                       (struct kw_scalar){KW_SCALAR_STRING, kw_view_of(text)}, error);
}

/* The ISO 639-1 code of a document's language; NULL for "none". */
static const char *code_of(const char *language)
{
    const char *code = kw_language_code(language);
    const struct kw_known_language *known = NULL;
    if (!code)
        known = kw_known_language(kw_known_language_find(language));
    return known ? known->code : code;
}

enum kw_status kw_document_values_add(const struct kw_document_sink *sink,
                                      struct kw_field_types *types,
                                      const struct kw_document *document, const char *language,
                                      struct kw_misfits *misfits, struct kw_error *error)
{
    const char *code = code_of(language);
    enum kw_status status = KW_OK;
    misfits->count = 0;
    for (size_t i = 0; i < document->field_count && status == KW_OK; i++)
        status = add_field(sink, types, &document->fields[i], misfits, error);
    if (status == KW_OK)
        status = add_path(sink, types, document, error);
    if (status == KW_OK && document->file)
        status = add_file(sink, types, document, error);
    if (status == KW_OK && code)
        status = add_implied(sink, types, document, "lang",
                             (struct kw_scalar){KW_SCALAR_STRING, kw_view_of(code)}, error);
    return status;
}
