/* Gathers a document and makes its terms, values and data. */
#include "xapian/maker.h"

#include "xapian/opening.h"
#include "xapian/schema.h"

#include <stdlib.h>

/* What the steps of making one document share. */
struct making {
    struct kw_maker *maker;
    const struct kw_maker_with *with;
    struct xc_document *out;
    uint64_t wdf; /* of all terms so far */
    struct kw_error *error;
};

/* ---- Memory ------------------------------------------------------------------------------- */

static void release_field(struct kw_maker_field *field)
{
    kw_bytes_release(&field->name);
    free(field->words.items);
    free(field->positions.items);
}

static void release_column(struct kw_maker_column *column)
{
    kw_bytes_release(&column->name);
    kw_bytes_release(&column->bytes);
    free(column->values.items);
}

void kw_maker_release(struct kw_maker *maker)
{
    for (size_t i = 0; i < maker->fields.made; i++)
        release_field(&maker->fields.items[i]);
    for (size_t i = 0; i < maker->columns.made; i++)
        release_column(&maker->columns.items[i]);
    free(maker->fields.items);
    free(maker->columns.items);
    free(maker->groups.ends.items);
    free(maker->groups.terms.items);
    free(maker->groups.starts.items);
    free(maker->groups.positions.items);
    kw_stored_writer_release(&maker->stored);
    kw_bytes_release(&maker->term);
    kw_bytes_release(&maker->data);
    *maker = (struct kw_maker){.fields = {NULL, 0, 0, 0}};
}

void kw_maker_clear(struct kw_maker *maker)
{
    maker->fields.count = 0;
    maker->columns.count = 0;
    kw_stored_writer_clear(&maker->stored);
}

/* ---- Gathering ---------------------------------------------------------------------------- */

/* The field of this name, an empty one if it is new; NULL when memory runs out. */
static struct kw_maker_field *field_of(struct kw_maker *maker, struct kw_view name)
{
    for (size_t i = 0; i < maker->fields.count; i++)
        if (kw_view_equal(kw_bytes_view(&maker->fields.items[i].name), name))
            return &maker->fields.items[i];
    if (!kw_grow(&maker->fields, maker->fields.count + 1))
        return NULL;
    struct kw_maker_field *field = &maker->fields.items[maker->fields.count];
    if (maker->fields.made == maker->fields.count) {
        *field = (struct kw_maker_field){.count = 0};
        maker->fields.made++;
    }
    field->count = 0;
    field->length = 0;
    kw_bytes_clear(&field->name);
    kw_bytes_append_view(&field->name, name);
    maker->fields.count += !field->name.failed;
    return field->name.failed ? NULL : field;
}

static enum kw_status take_tokens(void *context, struct kw_view name, const uint32_t *words,
                                  const uint32_t *positions, size_t count, uint32_t base,
                                  uint32_t length, struct kw_error *error)
{
    struct kw_maker_field *field = field_of(context, name);
    if (!field || !kw_grow(&field->words, field->count + count) ||
        !kw_grow(&field->positions, field->count + count))
        return kw_fail_memory(error);
    if (count)
        memcpy(field->words.items + field->count, words, count * sizeof *words);
    for (size_t i = 0; i < count; i++)
        field->positions.items[field->count + i] = base + positions[i] + KW_XAPIAN_POSITION;
    field->count += count;
    field->length += length;
    return KW_OK;
}

static enum kw_status take_text(void *context, const struct kw_extent *extents, size_t count,
                                const uint8_t *text, struct kw_error *error)
{
    struct kw_maker *maker = context;
    return kw_stored_writer_text(&maker->stored, extents, count, text, error);
}

/* The column of this name with room for one more value, a new one of `type` if there is none; NULL
 * when memory runs out. */
static struct kw_maker_column *column_of(struct kw_maker *maker, struct kw_view name,
                                         enum kw_value_type type)
{
    struct kw_maker_column *column = NULL;
    for (size_t i = 0; i < maker->columns.count && !column; i++)
        if (kw_view_equal(kw_bytes_view(&maker->columns.items[i].name), name))
            column = &maker->columns.items[i];
    if (!column) {
        if (!kw_grow(&maker->columns, maker->columns.count + 1))
            return NULL;
        column = &maker->columns.items[maker->columns.count];
        if (maker->columns.made == maker->columns.count) {
            *column = (struct kw_maker_column){.count = 0};
            maker->columns.made++;
        }
        column->count = 0;
        column->type = type;
        kw_bytes_clear(&column->bytes);
        kw_bytes_clear(&column->name);
        kw_bytes_append_view(&column->name, name);
        if (column->name.failed)
            return NULL;
        maker->columns.count++;
    }
    return kw_grow(&column->values, column->count + 1) ? column : NULL;
}

static enum kw_status take_keyword(void *context, struct kw_view name, struct kw_view value,
                                   struct kw_error *error)
{
    struct kw_maker_column *column = column_of(context, name, KW_TYPE_KEYWORD);
    if (!column)
        return kw_fail_memory(error);
    kw_bytes_append_view(&column->bytes, value);
    column->values.items[column->count++] = column->bytes.size;
    return kw_bytes_status(&column->bytes, error);
}

static enum kw_status take_key(void *context, struct kw_view name, enum kw_value_type type,
                               uint64_t key, struct kw_error *error)
{
    struct kw_maker_column *column = column_of(context, name, type);
    if (!column)
        return kw_fail_memory(error);
    column->values.items[column->count++] = key;
    return KW_OK;
}

struct kw_document_sink kw_maker_sink(struct kw_maker *maker)
{
    return (struct kw_document_sink){maker, take_tokens, take_text, take_keyword, take_key};
}

/* ---- Terms -------------------------------------------------------------------------------- */

static enum kw_status failed(const struct making *making)
{
    return kw_xapian_fail(making->error, xc_document_error(making->out), making->with->where);
}

/* Adds the term at hand: with positions, or as often as there are any. */
static enum kw_status put_term(struct making *making, const uint32_t *positions, size_t count,
                               uint32_t wdf)
{
    const struct kw_bytes *bytes = &making->maker->term;
    struct xc_text term = {(const char *)bytes->data, bytes->size};
    enum kw_status status = kw_bytes_status(bytes, making->error);
    if (status != KW_OK)
        return status;
    enum xc_status put = positions
                             ? xc_document_add_postings(making->out, term, positions, count, wdf)
                             : xc_document_add_term(making->out, term, wdf);
    making->wdf += positions ? count * wdf : wdf;
    return put == XC_OK ? KW_OK : failed(making);
}

/* The term of a token: its surface form, or its stem. */
static uint32_t number_of(const struct making *making, uint32_t word, bool stems)
{
    return stems ? kw_analyzer_stem_of(making->with->analyzer, making->with->language, word)
                 : kw_analyzer_surface_of(making->with->analyzer, word);
}

/* Groups the field's positions by their terms, of which there are `most`. */
static enum kw_status group(const struct making *making, const struct kw_maker_field *field,
                            bool stems, uint32_t most)
{
    struct kw_maker_groups *groups = &making->maker->groups;
    uint32_t sum = 0;
    groups->count = 0;
    if (!kw_grow(&groups->ends, (size_t)most + 1) || !kw_grow(&groups->terms, field->count + 1) ||
        !kw_grow(&groups->starts, field->count + 1) ||
        !kw_grow(&groups->positions, field->count + 1))
        return kw_fail_memory(making->error);
    for (; groups->ends.count <= most; groups->ends.count++)
        groups->ends.items[groups->ends.count] = 0;
    uint32_t *ends = groups->ends.items;
    for (size_t i = 0; i < field->count; i++) {
        uint32_t term = number_of(making, field->words.items[i], stems);
        if (term != KW_NO_STEM && ends[term]++ == 0)
            groups->terms.items[groups->count++] = term;
    }
    for (size_t i = 0; i < groups->count; i++) {
        uint32_t *end = &ends[groups->terms.items[i]];
        uint32_t count = *end;
        groups->starts.items[i] = *end = sum;
        sum += count;
    }
    for (size_t i = 0; i < field->count; i++) {
        uint32_t term = number_of(making, field->words.items[i], stems);
        if (term != KW_NO_STEM)
            groups->positions.items[ends[term]++] = field->positions.items[i];
    }
    return KW_OK;
}

/* Takes the positions of group `i` off, each once: *count of them. */
static const uint32_t *take_group(struct kw_maker_groups *groups, size_t i, size_t *count)
{
    uint32_t term = groups->terms.items[i];
    uint32_t *first = groups->positions.items + groups->starts.items[i];
    size_t all = groups->ends.items[term] - groups->starts.items[i];
    size_t kept = 0;
    for (size_t k = 0; k < all; k++)
        if (!k || first[k] != first[kept - 1])
            first[kept++] = first[k];
    groups->ends.items[term] = 0;
    *count = kept;
    return first;
}

static enum kw_status put_surfaces(struct making *making, const struct kw_maker_field *field)
{
    const struct kw_analyzer *analyzer = making->with->analyzer;
    struct kw_maker_groups *groups = &making->maker->groups;
    struct kw_view name = kw_bytes_view(&field->name);
    enum kw_status status = group(making, field, false, kw_analyzer_surfaces(analyzer));
    for (size_t i = 0; i < groups->count; i++) {
        size_t count;
        const uint32_t *positions = take_group(groups, i, &count);
        if (status != KW_OK)
            continue; /* so that `ends` is zero again */
        kw_schema_surface(&making->maker->term, name,
                          kw_analyzer_surface(analyzer, groups->terms.items[i]));
        status = put_term(making, positions, count, name.size == 0);
    }
    return status;
}

static enum kw_status put_stems(struct making *making, const struct kw_maker_field *field)
{
    const struct kw_maker_with *with = making->with;
    struct kw_maker_groups *groups = &making->maker->groups;
    struct kw_view name = kw_bytes_view(&field->name);
    if (with->language == KW_NO_LANGUAGE)
        return KW_OK;
    enum kw_status status =
        group(making, field, true, kw_analyzer_stems(with->analyzer, with->language));
    for (size_t i = 0; i < groups->count; i++) {
        size_t count;
        const uint32_t *positions = take_group(groups, i, &count);
        if (status != KW_OK)
            continue;
        kw_schema_stem(&making->maker->term, name, with->automatic ? with->name : NULL,
                       kw_analyzer_stem(with->analyzer, with->language, groups->terms.items[i]));
        status = put_term(making, positions, count, name.size == 0);
    }
    return status;
}

/* Adds the terms that say how long a field is. */
static enum kw_status put_length(struct making *making, const struct kw_maker_field *field)
{
    struct kw_bytes *term = &making->maker->term;
    struct kw_view name = kw_bytes_view(&field->name);
    if (!field->length)
        return KW_OK;
    kw_schema_has(term, name);
    enum kw_status status = put_term(making, NULL, 0, 0);
    for (unsigned bit = 0; name.size && bit < 32 && status == KW_OK; bit++) {
        if (!(field->length >> bit & 1))
            continue;
        kw_schema_length(term, name, bit);
        status = put_term(making, NULL, 0, 0);
    }
    return status;
}

/* Fills the length up, so that that of every document is the same multiple of its words. */
static enum kw_status put_fill(struct making *making, uint64_t words)
{
    uint64_t wanted = words * KW_XAPIAN_LENGTH;
    if (making->wdf >= wanted)
        return KW_OK;
    kw_bytes_clear(&making->maker->term);
    kw_bytes_append_text(&making->maker->term, KW_SCHEMA_FILL);
    return put_term(making, NULL, 0, (uint32_t)(wanted - making->wdf));
}

/* Adds the terms of the document as a whole. */
static enum kw_status put_names(struct making *making, const struct kw_entry *entry)
{
    struct kw_bytes *term = &making->maker->term;
    kw_schema_id(term, entry->id);
    enum kw_status status = put_term(making, NULL, 0, 0);
    kw_schema_path(term, entry->path);
    if (status == KW_OK)
        status = put_term(making, NULL, 0, 0);
    kw_schema_settings(term, making->with->settings);
    if (status == KW_OK)
        status = put_term(making, NULL, 0, 0);
    if (status == KW_OK && making->with->automatic) {
        kw_schema_language(term, kw_view_of(making->with->name));
        status = put_term(making, NULL, 0, 0);
    }
    struct xc_text id = {(const char *)entry->id.data, entry->id.size};
    if (status == KW_OK && xc_document_set_value(making->out, KW_SCHEMA_ID_SLOT, id) != XC_OK)
        status = failed(making);
    return status;
}

/* ---- Values ------------------------------------------------------------------------------- */

static int compare_keys(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return (*a > *b) - (*a < *b);
}

static int compare_words(const void *left, const void *right)
{
    const struct kw_view *a = left;
    const struct kw_view *b = right;
    return kw_view_compare(*a, *b);
}

/* Puts what is in `data` into the slot of the column. */
static enum kw_status put_slot(struct making *making, const struct kw_maker_column *column)
{
    const struct kw_bytes *data = &making->maker->data;
    struct kw_view name = kw_bytes_view(&column->name);
    const struct kw_field_types *types = making->with->types;
    uint32_t number = kw_names_find(&types->names, name);
    kw_schema_typed(&making->maker->term, name, types->types.items[number].type);
    enum kw_status status = put_term(making, NULL, 0, 0);
    if (status == KW_OK)
        status = kw_bytes_status(data, making->error);
    if (status != KW_OK)
        return status;
    struct xc_text value = {(const char *)data->data, data->size};
    return xc_document_set_value(making->out, making->with->slots[number], value) == XC_OK
               ? KW_OK
               : failed(making);
}

static enum kw_status put_keywords(struct making *making, const struct kw_maker_column *column)
{
    struct kw_view *words = calloc(column->count, sizeof *words);
    enum kw_status status = words ? KW_OK : kw_fail_memory(making->error);
    size_t start = 0;
    size_t kept = 0;
    if (status != KW_OK)
        return status;
    for (size_t i = 0; i < column->count; i++) {
        size_t end = (size_t)column->values.items[i];
        words[i] = (struct kw_view){column->bytes.data + start, end - start};
        start = end;
    }
    qsort(words, column->count, sizeof *words, compare_words);
    for (size_t i = 0; i < column->count; i++)
        if (!i || !kw_view_equal(words[i], words[kept - 1]))
            words[kept++] = words[i];
    for (size_t i = 0; i < kept && status == KW_OK; i++) {
        kw_schema_keyword(&making->maker->term, kw_bytes_view(&column->name), words[i]);
        status = put_term(making, NULL, 0, 0);
    }
    kw_slot_keywords(&making->maker->data, words, kept);
    if (status == KW_OK)
        status = put_slot(making, column);
    free(words);
    return status;
}

static enum kw_status put_keys(struct making *making, const struct kw_maker_column *column)
{
    uint64_t *keys = column->values.items;
    size_t kept = 0;
    qsort(keys, column->count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < column->count; i++)
        if (!i || keys[i] != keys[kept - 1])
            keys[kept++] = keys[i];
    kw_slot_keys(&making->maker->data, column->type, keys, kept);
    enum kw_status status = put_slot(making, column);
    if (status == KW_OK && kept > 1) {
        kw_schema_several(&making->maker->term, kw_bytes_view(&column->name));
        status = put_term(making, NULL, 0, 0);
    }
    return status;
}

static enum kw_status put_columns(struct making *making)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < making->maker->columns.count && status == KW_OK; i++) {
        const struct kw_maker_column *column = &making->maker->columns.items[i];
        status = column->type == KW_TYPE_KEYWORD ? put_keywords(making, column)
                                                 : put_keys(making, column);
    }
    return status;
}

/* ---- The document ------------------------------------------------------------------------- */

static enum kw_status put_fields(struct making *making)
{
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < making->maker->fields.count && status == KW_OK; i++) {
        const struct kw_maker_field *field = &making->maker->fields.items[i];
        status = put_surfaces(making, field);
        if (status == KW_OK)
            status = put_stems(making, field);
        if (status == KW_OK)
            status = put_length(making, field);
    }
    return status;
}

enum kw_status kw_maker_finish(struct kw_maker *maker, const struct kw_maker_with *with,
                               const struct kw_entry *entry,
                               const struct kw_document_length *length, struct xc_document *out,
                               const char **refused, struct kw_error *error)
{
    struct making making = {maker, with, out, 0, error};
    uint64_t words = length->title + length->text;
    *refused = words > UINT32_MAX / KW_XAPIAN_LENGTH
                   ? "it has more words than a Xapian database can count"
                   : NULL;
    if (*refused)
        return KW_OK;
    enum kw_status status = put_fields(&making);
    if (status == KW_OK)
        status = put_fill(&making, words);
    if (status == KW_OK)
        status = put_names(&making, entry);
    if (status == KW_OK)
        status = put_columns(&making);
    if (status == KW_OK)
        status = kw_stored_writer_finish(&maker->stored, entry, with->name, words, length->title,
                                         &maker->data, error);
    if (status != KW_OK)
        return status;
    if (maker->data.size > KW_STORED_BYTES)
        *refused = "its text is larger than a Xapian database can store";
    else if (xc_document_set_data(
                 out, (struct xc_text){(const char *)maker->data.data, maker->data.size}) != XC_OK)
        status = failed(&making);
    return status;
}
