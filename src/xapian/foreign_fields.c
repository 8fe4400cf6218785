/* Terms of words and of values, by a schema's prefixes. */
#include "xapian/foreign.h"

#include "base/value.h"
#include "stemmers/other_words.h"

#include <ctype.h>
#include <stdlib.h>

/* ---- Words -------------------------------------------------------------------------------- */

/* The field of this name whose words are searched. */
static const struct kw_foreign_field *words_field(const struct kw_foreign *foreign,
                                                  struct kw_view name)
{
    for (size_t i = 0; i < foreign->fields.count; i++) {
        const struct kw_foreign_field *field = &foreign->fields.items[i];
        if (field->type == KW_TYPE_TEXT && kw_view_equal(kw_view_of(field->name), name))
            return field;
    }
    return NULL;
}

/* What stands before a field's words, alternative `number`; NULL: there is none. */
static const char *prefix_of(const struct kw_foreign *foreign, struct kw_view field,
                             unsigned number)
{
    if (!field.size)
        return number < foreign->text_count ? foreign->text[number] : NULL;
    const struct kw_foreign_field *found = number ? NULL : words_field(foreign, field);
    return found ? found->prefix : NULL;
}

unsigned kw_foreign_alternatives(const struct kw_xapian *xapian, struct kw_view field)
{
    const struct kw_foreign *foreign = xapian->foreign;
    if (!field.size)
        return foreign->text_count;
    return words_field(foreign, field) ? 1 : 0;
}

bool kw_foreign_term(const struct kw_xapian *xapian, struct kw_view field, struct kw_view language,
                     struct kw_view bytes, unsigned number, struct kw_bytes *term)
{
    const char *prefix = prefix_of(xapian->foreign, field, number);
    const char *own = xapian->settings.analysis.language;
    kw_bytes_clear(term);
    if (!prefix || (language.size && !kw_view_equal(language, kw_view_of(own))))
        return false;
    /* What begins with no letter has no stem, but the word itself. */
    if (language.size && (!bytes.size || kw_other_words_stems(bytes)))
        kw_bytes_append_byte(term, 'Z');
    kw_bytes_append_text(term, prefix);
    kw_bytes_append_view(term, bytes);
    return true;
}

/* ---- Values ------------------------------------------------------------------------------- */

const struct kw_foreign_field *kw_foreign_column(const struct kw_xapian *xapian,
                                                 struct kw_view name)
{
    const struct kw_foreign *foreign = xapian->foreign;
    for (size_t i = 0; i < foreign->fields.count; i++) {
        const struct kw_foreign_field *field = &foreign->fields.items[i];
        if (field->type != KW_TYPE_TEXT && kw_view_equal(kw_view_of(field->name), name))
            return field;
    }
    return NULL;
}

/* Whether a colon stands between a prefix and a value, as Xapian's QueryParser has it. */
static bool has_colon(const char *prefix, struct kw_view value)
{
    size_t size = strlen(prefix);
    return size > 1 && prefix[size - 1] != ':' && value.size &&
           (isupper(value.data[0]) || value.data[0] == ':');
}

bool kw_foreign_keyword(const struct kw_xapian *xapian, struct kw_view name, struct kw_view value,
                        struct kw_bytes *term)
{
    const struct kw_foreign_field *field = kw_foreign_column(xapian, name);
    if (!field || !field->prefix || field->type != KW_TYPE_KEYWORD)
        return false;
    kw_bytes_append_text(term, field->prefix);
    if (has_colon(field->prefix, value))
        kw_bytes_append_byte(term, ':');
    kw_bytes_append_view(term, value);
    return true;
}

/* Reads digits of a base up to 16. */
static bool read_digits(struct kw_view digits, unsigned base, uint64_t *number)
{
    *number = 0;
    if (!digits.size || digits.size > 15)
        return false;
    for (size_t i = 0; i < digits.size; i++) {
        int byte = tolower(digits.data[i]);
        unsigned digit = isdigit(byte)                ? (unsigned)(byte - '0')
                         : byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10
                                                      : base;
        if (digit >= base)
            return false;
        *number = *number * base + digit;
    }
    return true;
}

/* The key of a number, or of a date in seconds. */
static bool make_key(const struct kw_foreign_field *field, double number, uint64_t *key)
{
    if (!(number > -1e15 && number < 1e15))
        return false;
    if (field->type == KW_TYPE_NUMBER) {
        *key = kw_number_key(number);
        return true;
    }
    if (!(number > -1e12 && number < 1e12))
        return false;
    int64_t date = (int64_t)(number * 1e6);
    *key = kw_date_key(date);
    return kw_date_known(date);
}

bool kw_foreign_decode(const struct kw_foreign_field *field, struct kw_view written, uint64_t *key)
{
    struct kw_period period;
    uint64_t number = 0;
    char day[sizeof "YYYY-MM-DD"];
    switch (field->code) {
    case KW_CODE_NUMBER:
        return written.size <= 9 && make_key(field, xc_number_read(kw_xapian_text(written)), key);
    case KW_CODE_BIG:
        if (written.size != 4)
            return false;
        for (size_t i = 0; i < written.size; i++)
            number = number << 8 | written.data[i];
        return make_key(field, (double)number, key);
    case KW_CODE_HEX:
        return written.size > 1 &&
               read_digits((struct kw_view){written.data + 1, written.size - 1}, 16, &number) &&
               make_key(field, (double)number, key);
    case KW_CODE_DIGITS:
        return read_digits(written, 10, &number) && make_key(field, (double)number, key);
    case KW_CODE_DAY:
        if (written.size != 8)
            return false;
        memcpy(day, written.data, 4);
        day[4] = day[7] = '-';
        memcpy(day + 5, written.data + 4, 2);
        memcpy(day + 8, written.data + 6, 2);
        if (!kw_date_parse((struct kw_view){(const uint8_t *)day, 10}, &period))
            return false;
        *key = kw_date_key(period.first);
        return true;
    case KW_CODE_TEXT:
        break;
    }
    return false;
}

/* ---- A document's values ------------------------------------------------------------------ */

static int compare_values(const void *a, const void *b)
{
    const struct kw_foreign_value *left = a, *right = b;
    int order = kw_view_compare(left->keyword, right->keyword);
    return order ? order : (left->key > right->key) - (left->key < right->key);
}

/* Adds a value as it is written; one that makes no sense is none. */
static bool add_value(struct kw_foreign_values *values, const struct kw_foreign_field *field,
                      struct kw_view written)
{
    struct kw_foreign_value value = {.key = 0};
    if (!written.size ||
        (field->type != KW_TYPE_KEYWORD && !kw_foreign_decode(field, written, &value.key)))
        return true;
    if (field->type == KW_TYPE_KEYWORD) {
        value.keyword = kw_arena_copy(&values->arena, written);
        if (!value.keyword.data)
            return false;
    }
    if (!kw_grow(values, values->count + 1))
        return false;
    values->items[values->count++] = value;
    return true;
}

/* Takes the value out of a term that begins with the field's prefix; false if the term is of
 * another one, which is longer. */
static bool take_value(const struct kw_foreign_field *field, struct kw_view term,
                       struct kw_view *value)
{
    size_t size = strlen(field->prefix);
    *value = (struct kw_view){term.data + size, term.size - size};
    if (size < 2 || field->prefix[size - 1] == ':' || !value->size)
        return true;
    if (value->data[0] == ':')
        *value = (struct kw_view){value->data + 1, value->size - 1};
    else if (isupper(value->data[0]))
        return false;
    return true;
}

static enum kw_status read_terms(struct kw_xapian *xapian, uint32_t docid,
                                 const struct kw_foreign_field *field,
                                 struct kw_foreign_values *values, struct kw_error *error)
{
    struct kw_view prefix = kw_view_of(field->prefix), value;
    struct xc_terms *terms = xc_terms_new();
    struct xc_text term;
    enum xc_status at = XC_END;
    enum kw_status status = terms ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && xc_database_terms(xapian->database, docid, terms) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    else if (status == KW_OK)
        at = xc_terms_skip_to(terms, kw_xapian_text(prefix), &term);
    for (; status == KW_OK && at == XC_OK; at = xc_terms_next(terms, &term)) {
        if (term.size < prefix.size || memcmp(term.data, prefix.data, prefix.size) != 0)
            break;
        if (take_value(field, kw_xapian_view(term), &value) && !add_value(values, field, value))
            status = kw_fail_memory(error);
    }
    if (status == KW_OK && at < 0)
        status = kw_xapian_failed(xapian, xc_terms_error(terms), error);
    xc_terms_free(terms);
    return status;
}

static enum kw_status read_slot(struct kw_xapian *xapian, uint32_t docid,
                                const struct kw_foreign_field *field,
                                struct kw_foreign_values *values, struct kw_error *error)
{
    struct xc_document *document = xc_document_new();
    struct xc_text value;
    enum kw_status status = document ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && xc_database_document(xapian->database, docid, document) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    else if (status == KW_OK && xc_document_value(document, field->slot, &value) != XC_OK)
        status = kw_xapian_failed(xapian, xc_document_error(document), error);
    else if (status == KW_OK && !add_value(values, field, kw_xapian_view(value)))
        status = kw_fail_memory(error);
    xc_document_free(document);
    return status;
}

enum kw_status kw_foreign_values(struct kw_xapian *xapian, uint32_t docid,
                                 const struct kw_foreign_field *field,
                                 struct kw_foreign_values *values, struct kw_error *error)
{
    size_t kept = 0;
    kw_arena_release(&values->arena);
    values->count = 0;
    enum kw_status status = field->prefix ? read_terms(xapian, docid, field, values, error)
                                          : read_slot(xapian, docid, field, values, error);
    if (status == KW_OK && values->count)
        qsort(values->items, values->count, sizeof *values->items, compare_values);
    for (size_t i = 0; i < values->count; i++)
        if (!kept || compare_values(&values->items[kept - 1], &values->items[i]) != 0)
            values->items[kept++] = values->items[i];
    values->count = kept;
    return status;
}

void kw_foreign_values_release(struct kw_foreign_values *values)
{
    kw_arena_release(&values->arena);
    free(values->items);
    *values = (struct kw_foreign_values){.items = NULL};
}
