/* Finds out what a database of another program's is, and makes ready to read it. */
#include "xapian/foreign.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Whose it is -------------------------------------------------------------------------- */

/* Appends the names of all schemas: "omega, notmuch, …". */
static void append_names(struct kw_bytes *out)
{
    const struct kw_foreign_schema *schema;
    for (size_t i = 0; (schema = kw_foreign_schema_at(i)); i++)
        kw_bytes_format(out, "%s%s", i ? ", " : "", schema->name);
    kw_bytes_append_byte(out, 0);
}

static enum kw_status refuse(const struct kw_xapian *xapian, const char *wrong,
                             struct kw_error *error)
{
    struct kw_bytes names = KW_BYTES_INIT;
    enum kw_status status;
    append_names(&names);
    if (names.failed)
        status = kw_fail_memory(error);
    else if (wrong)
        status = kw_fail(error, KW_E_USAGE, "no schema '%s'", wrong);
    else
        status = kw_fail(error, KW_E_USAGE,
                         "'%s' is not a kwic index, and nothing in it says whose", xapian->where);
    if (!names.failed)
        kw_hint(error, "name what made it with --schema: %s", (const char *)names.data);
    kw_bytes_release(&names);
    return status;
}

/* Whether the database has all marks of a schema. */
static enum kw_status is_marked(struct kw_xapian *xapian, const struct kw_foreign_schema *schema,
                                bool *marked, struct kw_error *error)
{
    struct kw_bytes value = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    *marked = schema->marks[0] != NULL;
    for (int i = 0; i < 2 && *marked && status == KW_OK; i++) {
        status = kw_reading_metadata(xapian, schema->marks[i], &value, error);
        *marked = value.size > 0;
    }
    kw_bytes_release(&value);
    return status;
}

/* Finds the schema by its name, or by what the database has in its metadata. */
static enum kw_status find_schema(struct kw_xapian *xapian, struct kw_error *error)
{
    struct kw_foreign *foreign = xapian->foreign;
    const char *name = foreign->options.schema;
    bool marked = false;
    if (name) {
        foreign->schema = kw_foreign_schema_named(name);
        return foreign->schema ? KW_OK : refuse(xapian, name, error);
    }
    for (size_t i = 0; !marked && (foreign->schema = kw_foreign_schema_at(i)); i++) {
        enum kw_status status = is_marked(xapian, foreign->schema, &marked, error);
        if (status != KW_OK)
            return status;
    }
    return marked ? KW_OK : refuse(xapian, NULL, error);
}

/* ---- Its fields --------------------------------------------------------------------------- */

static enum kw_status add_field(struct kw_foreign *foreign, struct kw_foreign_field field,
                                struct kw_error *error)
{
    if (!kw_grow(&foreign->fields, foreign->fields.count + 1))
        return kw_fail_memory(error);
    foreign->fields.items[foreign->fields.count++] = field;
    return KW_OK;
}

/* Whether words with a prefix are searched: they have positions or stems somewhere. Whole values
 * have neither. */
static enum kw_status has_words(struct kw_xapian *xapian, const char *prefix, bool *words,
                                struct kw_error *error)
{
    struct kw_bytes stems = KW_BYTES_INIT;
    struct xc_terms *terms = xc_terms_new();
    struct xc_postings *postings = xc_postings_new();
    struct xc_text term;
    uint32_t docid;
    size_t count = 0;
    enum kw_status status = terms && postings ? KW_OK : kw_fail_memory(error);
    *words = false;
    kw_bytes_format(&stems, "Z%s", prefix);
    for (int i = 0; i < 2 && status == KW_OK && !*words; i++) {
        struct kw_view start = i ? kw_view_of(prefix) : kw_bytes_view(&stems);
        if (stems.failed)
            status = kw_fail_memory(error);
        else if (xc_database_all_terms(xapian->database, kw_xapian_text(start), terms) != XC_OK)
            status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
        if (status != KW_OK || xc_terms_next(terms, &term) != XC_OK)
            continue;
        *words = !i;
        if (i && xc_database_postings(xapian->database, term, postings) == XC_OK &&
            xc_postings_next(postings, &docid) == XC_OK &&
            xc_postings_read_positions(postings, NULL, 0, &count) == XC_OK)
            *words = count > 0;
    }
    kw_bytes_release(&stems);
    xc_terms_free(terms);
    xc_postings_free(postings);
    return status;
}

/* Takes "NAME:PREFIX"; without a name words of the text may begin so, too. */
static enum kw_status take_prefix(struct kw_xapian *xapian, const char *given,
                                  struct kw_error *error)
{
    struct kw_foreign *foreign = xapian->foreign;
    const char *colon = strchr(given, ':');
    bool words;
    if (!colon) {
        kw_fail(error, KW_E_USAGE, "'%s' names no field and prefix", given);
        kw_hint(error, "write --prefix NAME:PREFIX");
        return KW_E_USAGE;
    }
    struct kw_view name = {(const uint8_t *)given, (size_t)(colon - given)};
    char *copy = kw_arena_alloc(&foreign->arena, strlen(given) + 1);
    if (!copy)
        return kw_fail_memory(error);
    memcpy(copy, given, strlen(given) + 1);
    char *prefix = copy + name.size + 1;
    if (!name.size) {
        if (foreign->text_count >= KW_FOREIGN_TEXTS)
            return kw_fail(error, KW_E_USAGE, "too many prefixes of the text");
        foreign->text[foreign->text_count++] = prefix;
        return KW_OK;
    }
    enum kw_status status = has_words(xapian, prefix, &words, error);
    copy[name.size] = 0;
    if (status != KW_OK)
        return status;
    return add_field(foreign,
                     (struct kw_foreign_field){copy, prefix, words ? KW_TYPE_TEXT : KW_TYPE_KEYWORD,
                                               KW_CODE_TEXT, 0},
                     error);
}

static enum kw_status gather_fields(struct kw_xapian *xapian, struct kw_error *error)
{
    struct kw_foreign *foreign = xapian->foreign;
    const struct kw_foreign_schema *schema = foreign->schema;
    const char *const *given = foreign->options.prefixes;
    enum kw_status status = KW_OK;
    foreign->text_count = 0;
    foreign->fields.count = 0;
    while (foreign->text_count < KW_FOREIGN_TEXTS && schema->text[foreign->text_count]) {
        foreign->text[foreign->text_count] = schema->text[foreign->text_count];
        foreign->text_count++;
    }
    for (; given && *given && status == KW_OK; given++)
        status = take_prefix(xapian, *given, error);
    for (const struct kw_foreign_field *field = schema->fields; field->name && status == KW_OK;
         field++)
        status = add_field(foreign, *field, error);
    return status;
}

/* ---- Settling ----------------------------------------------------------------------------- */

/* Settles what its terms were made by, and makes the analyzer for it. */
static enum kw_status take_settings(struct kw_xapian *xapian, struct kw_error *error)
{
    struct kw_foreign *foreign = xapian->foreign;
    struct kw_analysis *analysis = &xapian->settings.analysis;
    const char *language = foreign->options.language;
    bool stems = strcmp(foreign->schema->language, "none") != 0 ||
                 strcmp(foreign->schema->name, "plain") == 0;
    *analysis = (struct kw_analysis){.version = KW_ANALYSIS_VERSION,
                                     .keep_accents = foreign->schema->rules == KW_RULES_XAPIAN,
                                     .rules = foreign->schema->rules};
    snprintf(analysis->language, sizeof analysis->language, "%s",
             language && stems ? language : foreign->schema->language);
    if (strcmp(analysis->language, "auto") == 0)
        return kw_fail(error, KW_E_USAGE, "'%s' has stems of one language: name it", xapian->where);
    kw_analyzer_free(foreign->analyzer);
    return kw_analyzer_new(&foreign->analyzer, analysis, error);
}

static enum kw_status take_base(struct kw_xapian *xapian, struct kw_error *error)
{
    struct kw_bytes base = KW_BYTES_INIT;
    enum kw_status status = xapian->foreign->schema->base(xapian, &base, error);
    if (status == KW_OK && (!base.size || base.data[0] != '/')) {
        kw_bytes_clear(&base);
        kw_bytes_append_text(&base, "/");
    }
    if (status == KW_OK)
        status = kw_bytes_status(&base, error);
    free(xapian->base_directory);
    xapian->base_directory = status == KW_OK ? kw_view_string(kw_bytes_view(&base)) : NULL;
    kw_bytes_release(&base);
    if (status != KW_OK)
        return status;
    return xapian->base_directory ? KW_OK : kw_fail_memory(error);
}

/* Says what was found out and what cannot be done. */
static enum kw_status say(struct kw_xapian *xapian, struct kw_error *error)
{
    const struct kw_foreign_options *options = &xapian->foreign->options;
    struct xc_statistics all;
    char line[400];
    if (xc_database_statistics(xapian->database, &all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    if (!options->remark)
        return KW_OK;
    if (!options->schema) {
        snprintf(line, sizeof line, "'%.300s' is read as a database of %s's", xapian->where,
                 xapian->foreign->schema->name);
        options->remark(options->context, line);
    }
    if (all.documents && !all.has_positions) {
        snprintf(line, sizeof line, "'%.300s' has no positions: phrases find nothing",
                 xapian->where);
        options->remark(options->context, line);
    }
    return KW_OK;
}

enum kw_status kw_foreign_settle(struct kw_xapian *xapian, struct kw_error *error)
{
    enum kw_status status = find_schema(xapian, error);
    if (status == KW_OK)
        status = take_settings(xapian, error);
    if (status == KW_OK)
        status = gather_fields(xapian, error);
    if (status == KW_OK)
        status = take_base(xapian, error);
    return status == KW_OK ? say(xapian, error) : status;
}

void kw_foreign_release(struct kw_xapian *xapian)
{
    struct kw_foreign *foreign = xapian->foreign;
    if (!foreign)
        return;
    kw_analyzer_free(foreign->analyzer);
    free(foreign->folder);
    free(foreign->fields.items);
    kw_arena_release(&foreign->arena);
    free(foreign);
    xapian->foreign = NULL;
}
