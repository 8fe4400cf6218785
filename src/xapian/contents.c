/* Settings and sources are in the metadata, of which several databases that are joined show the
 * first one's; so what all of them have is found by its terms. */
#include "xapian/contents.h"

#include "xapian/foreign.h"
#include "xapian/pieces.h"
#include "xapian/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The database whose metadata counts. */
static struct xc_database *first_of(const struct kw_xapian *xapian)
{
    size_t first = kw_shards_first(&xapian->shards);
    return first < xapian->shards.count ? xapian->shards.items[first].database : xapian->database;
}

/* Reads a key of the metadata; the text is lent by the database until its next call. */
static enum kw_status metadata(struct kw_xapian *xapian, const char *key, struct kw_view *value,
                               struct kw_error *error)
{
    struct xc_database *first = first_of(xapian);
    struct xc_text text;
    if (xc_database_metadata(first, kw_xapian_text(kw_view_of(key)), &text) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(first), error);
    *value = kw_xapian_view(text);
    return KW_OK;
}

/* ---- Settings ----------------------------------------------------------------------------- */

/* Holds the settings of a database that was reopened to those that it had. */
static enum kw_status compare_settings(const struct kw_xapian *xapian,
                                       const struct kw_analysis *now, struct kw_error *error)
{
    const struct kw_analysis *before = &xapian->settings.analysis;
    if (!before->version ||
        (before->version == now->version && before->keep_accents == now->keep_accents &&
         strcmp(before->language, now->language) == 0))
        return KW_OK;
    return kw_fail(error, KW_E_VERSION, "'%s' was made anew meanwhile, in another way",
                   xapian->where);
}

static enum kw_status read_settings(struct kw_xapian *xapian, struct kw_error *error)
{
    struct kw_settings now = KW_SETTINGS_INIT;
    struct kw_view text;
    enum kw_status status = metadata(xapian, KW_SETTINGS_KEY, &text, error);
    if (status == KW_OK && !text.size)
        return kw_fail(error, KW_E_NO_INDEX, "'%s' is not a kwic index", xapian->where);
    if (status == KW_OK)
        status = kw_settings_read(&now, text, xapian->where, error);
    if (status == KW_OK && now.analysis.version != KW_ANALYSIS_VERSION)
        status = kw_fail(error, KW_E_VERSION,
                         "'%s' was analysed by version %u, this kwic has version %d", xapian->where,
                         (unsigned)now.analysis.version, KW_ANALYSIS_VERSION);
    if (status == KW_OK)
        status = compare_settings(xapian, &now.analysis, error);
    if (status != KW_OK) {
        kw_settings_release(&now);
        return status;
    }
    kw_settings_release(&xapian->settings);
    xapian->settings = now;
    return KW_OK;
}

/* Refuses databases that were joined but have terms made in another way than the first. */
static enum kw_status check_shards(struct kw_xapian *xapian, struct kw_error *error)
{
    struct kw_bytes term = KW_BYTES_INIT;
    struct xc_statistics all;
    uint64_t documents;
    kw_schema_settings(&term, &xapian->settings.analysis);
    enum kw_status status = kw_xapian_frequency(xapian, &term, &documents, error);
    kw_bytes_release(&term);
    if (status == KW_OK && xc_database_statistics(xapian->database, &all) != XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    if (status == KW_OK && documents != all.documents) {
        status =
            kw_fail(error, KW_E_USAGE, "'%s' joins databases that were analysed in different ways",
                    xapian->where);
        kw_hint(error, "index all of them with the same language");
    }
    return status;
}

/* The folder of the first database that a stub file names; that of the stub itself if it names
 * none on this machine. NULL when memory runs out. */
static char *stub_folder(const char *stub, const char *folder)
{
    char *line = NULL, *found = NULL;
    size_t room = 0;
    FILE *file = fopen(stub, "re");
    while (file && !found && getline(&line, &room, file) > 0) {
        char *path = strchr(line, ' ');
        if (line[0] == '#' || !path || strncmp(line, "remote", 6) == 0)
            continue;
        path[1 + strcspn(path + 1, "\n")] = 0;
        char *joined = kw_path_join(folder, path + 1);
        found = joined ? realpath(joined, NULL) : NULL;
        free(joined);
    }
    if (file)
        fclose(file);
    free(line);
    return found ? found : strdup(folder);
}

/* Finds the folder of the database's files, which a stub file has not, and from where its base
 * directory is reckoned. */
static enum kw_status find_folder(struct kw_xapian *xapian, char **from, struct kw_error *error)
{
    struct stat info;
    char *path = realpath(xapian->place.path, NULL);
    if (!path || stat(path, &info) != 0) {
        free(path);
        return kw_fail_errno(error, "cannot open '%s'", xapian->where);
    }
    if (S_ISDIR(info.st_mode)) {
        xapian->folder = path;
        char *stub = kw_path_join(path, "XAPIANDB");
        *from = stub ? stub_folder(stub, path) : NULL;
        free(stub);
    } else {
        char *slash = strrchr(path, '/');
        char *beside = slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
        *from = beside ? stub_folder(path, beside) : NULL;
        free(beside);
        free(path);
    }
    return *from ? KW_OK : kw_fail_memory(error);
}

/* Whether another program made the database: it has documents and nothing of kwic's. */
static enum kw_status is_foreign(struct kw_xapian *xapian, bool *foreign, struct kw_error *error)
{
    struct kw_view text;
    struct xc_statistics all;
    enum kw_status status = metadata(xapian, KW_SETTINGS_KEY, &text, error);
    *foreign = false;
    if (status != KW_OK || text.size)
        return status;
    if (xc_database_statistics(xapian->database, &all) != XC_OK)
        return kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    *foreign = all.documents > 0;
    return KW_OK;
}

/* Settles what another program's database is. */
static enum kw_status settle_foreign(struct kw_xapian *xapian,
                                     const struct kw_foreign_options *options,
                                     struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (xapian->foreign) /* a second try */
        return kw_foreign_settle(xapian, error);
    xapian->foreign = calloc(1, sizeof *xapian->foreign);
    if (!xapian->foreign)
        return kw_fail_memory(error);
    xapian->foreign->options = *options;
    if (xapian->place.path)
        status = find_folder(xapian, &xapian->foreign->folder, error);
    return status == KW_OK ? kw_foreign_settle(xapian, error) : status;
}

enum kw_status kw_xapian_settle(struct kw_xapian *xapian, const struct kw_foreign_options *options,
                                struct kw_error *error)
{
    char *from = NULL;
    bool foreign = false;
    enum kw_status status = options ? is_foreign(xapian, &foreign, error) : KW_OK;
    if (status == KW_OK && foreign)
        return settle_foreign(xapian, options, error);
    if (status == KW_OK)
        status = read_settings(xapian, error);
    if (status == KW_OK)
        status = check_shards(xapian, error);
    if (status == KW_OK && xapian->place.path && !xapian->folder)
        status = find_folder(xapian, &from, error);
    if (status == KW_OK && !xapian->base_directory) {
        xapian->base_directory = kw_path_from(from ? from : "/", xapian->settings.base);
        if (!xapian->base_directory)
            status = kw_fail_memory(error);
    }
    free(from);
    return status;
}

/* ---- Fields and languages ----------------------------------------------------------------- */

/* The name as it is kept as long as the engine. False when memory is out. */
static bool keep(struct kw_xapian_names *names, struct kw_view *name)
{
    uint32_t number = kw_names_add(&names->known, *name);
    if (number == KW_NO_NAME)
        return false;
    *name = kw_names_get(&names->known, number);
    return true;
}

/* Keeps a field unless it is the title, or is known. */
static bool add_field(struct kw_xapian_names *names, struct kw_engine_field field)
{
    if (!field.name.size || kw_view_equal(field.name, kw_view_of("title")))
        return true;
    for (size_t i = 0; i < names->fields.count; i++)
        if (kw_view_equal(names->fields.items[i].name, field.name))
            return true;
    if (!keep(names, &field.name) || !kw_grow(&names->fields, names->fields.count + 1))
        return false;
    names->fields.items[names->fields.count++] = field;
    return true;
}

/* Keeps a field whose documents have words (`kind` 0), or values of a type, by a term that says
 * so. */
static bool add_term(struct kw_xapian_names *names, struct kw_view term, struct kw_bytes *name)
{
    struct kw_engine_field field = {.typed = false};
    if (kw_schema_typed_of(term, name, &field.type))
        field.typed = true;
    else if (!kw_schema_field_of(term, name))
        return !name->failed;
    field.name = kw_bytes_view(name);
    return add_field(names, field);
}

static bool add_language(struct kw_xapian_names *names, struct kw_view name)
{
    if (!keep(names, &name) || !kw_grow(&names->languages, names->languages.count + 1))
        return false;
    names->languages.items[names->languages.count++] = name;
    return true;
}

/* Hands all terms that begin with `prefix` to `add`. */
static enum kw_status each_term(struct kw_xapian *xapian, const struct kw_bytes *prefix,
                                bool (*add)(struct kw_xapian_names *names, struct kw_view term,
                                            struct kw_bytes *scratch),
                                struct kw_error *error)
{
    struct kw_bytes scratch = KW_BYTES_INIT;
    struct xc_terms *terms = xc_terms_new();
    struct xc_text term;
    enum xc_status at = XC_END;
    enum kw_status status = terms ? kw_bytes_status(prefix, error) : kw_fail_memory(error);
    if (status == KW_OK &&
        xc_database_all_terms(xapian->database, kw_xapian_text(kw_bytes_view(prefix)), terms) !=
            XC_OK)
        status = kw_xapian_failed(xapian, xc_database_error(xapian->database), error);
    while (status == KW_OK && (at = xc_terms_next(terms, &term)) == XC_OK)
        if (!add(&xapian->names, kw_xapian_view(term), &scratch))
            status = kw_fail_memory(error);
    if (status == KW_OK && at != XC_END)
        status = kw_xapian_failed(xapian, xc_terms_error(terms), error);
    xc_terms_free(terms);
    kw_bytes_release(&scratch);
    return status;
}

static bool add_language_term(struct kw_xapian_names *names, struct kw_view term,
                              struct kw_bytes *scratch)
{
    (void)scratch;
    return add_language(names, (struct kw_view){term.data + 1, term.size - 1});
}

static enum kw_status read_languages(struct kw_xapian *xapian, struct kw_error *error)
{
    const struct kw_view none = {NULL, 0};
    struct kw_bytes prefix = KW_BYTES_INIT;
    const char *language = xapian->settings.analysis.language;
    if (strcmp(language, "none") == 0)
        return KW_OK;
    if (strcmp(language, "auto") != 0)
        return add_language(&xapian->names, kw_view_of(language)) ? KW_OK : kw_fail_memory(error);
    kw_schema_language(&prefix, none);
    enum kw_status status = each_term(xapian, &prefix, add_language_term, error);
    kw_bytes_release(&prefix);
    return status;
}

/* The fields of a schema, and those that were asked for. */
static enum kw_status read_foreign_fields(struct kw_xapian *xapian, struct kw_error *error)
{
    const struct kw_foreign *foreign = xapian->foreign;
    for (size_t i = 0; i < foreign->fields.count; i++) {
        const struct kw_foreign_field *field = &foreign->fields.items[i];
        bool typed = field->type != KW_TYPE_TEXT;
        if (!add_field(&xapian->names, (struct kw_engine_field){kw_view_of(field->name), typed,
                                                                field->type, false}))
            return kw_fail_memory(error);
    }
    return KW_OK;
}

static enum kw_status read_fields(struct kw_xapian *xapian, struct kw_error *error)
{
    static const char *const prefixes[] = {KW_SCHEMA_TYPED, KW_SCHEMA_HAS};
    const struct kw_settings *settings = &xapian->settings;
    struct kw_bytes prefix = KW_BYTES_INIT;
    enum kw_status status = KW_OK;
    for (size_t i = 0; i < settings->count; i++) {
        const struct kw_settings_field *row = &settings->items[i];
        if (!add_field(&xapian->names,
                       (struct kw_engine_field){row->name, true, row->type, row->asked}))
            return kw_fail_memory(error);
    }
    for (int i = 0; i < 2 && status == KW_OK; i++) {
        kw_bytes_clear(&prefix);
        kw_bytes_append_text(&prefix, prefixes[i]);
        status = each_term(xapian, &prefix, add_term, error);
    }
    kw_bytes_release(&prefix);
    return status;
}

static void forget_names(struct kw_xapian_names *names)
{
    names->read = false;
    names->fields.count = names->languages.count = 0;
}

/* Reads the names, once. */
static enum kw_status read_names(struct kw_xapian *xapian, struct kw_error *error)
{
    if (xapian->names.read)
        return KW_OK;
    forget_names(&xapian->names);
    enum kw_status status = read_languages(xapian, error);
    if (status == KW_OK)
        status = xapian->foreign ? read_foreign_fields(xapian, error) : read_fields(xapian, error);
    xapian->names.read = status == KW_OK;
    return status;
}

enum kw_status kw_xapian_language(struct kw_xapian *xapian, uint64_t *at, struct kw_view *name,
                                  struct kw_error *error)
{
    enum kw_status status = read_names(xapian, error);
    if (status != KW_OK || *at >= xapian->names.languages.count)
        return status == KW_OK ? KW_END : status;
    *name = xapian->names.languages.items[(*at)++];
    if (name->size >= KW_LANGUAGE_SIZE)
        return kw_fail(error, KW_E_DAMAGED, "'%s' names a language of %zu bytes", xapian->where,
                       name->size);
    return KW_OK;
}

enum kw_status kw_xapian_field(struct kw_xapian *xapian, uint64_t *at,
                               struct kw_engine_field *field, struct kw_error *error)
{
    enum kw_status status = read_names(xapian, error);
    if (status != KW_OK || *at >= xapian->names.fields.count)
        return status == KW_OK ? KW_END : status;
    *field = xapian->names.fields.items[(*at)++];
    return KW_OK;
}

uint32_t kw_xapian_slot(const struct kw_xapian *xapian, struct kw_view field)
{
    const struct kw_foreign_field *column =
        xapian->foreign ? kw_foreign_column(xapian, field) : NULL;
    const struct kw_settings_field *row = kw_settings_find(&xapian->settings, field);
    if (column)
        return column->slot;
    return row ? row->slot : kw_schema_slot(field);
}

/* ---- Sources ------------------------------------------------------------------------------ */

enum kw_status kw_xapian_sources(struct kw_xapian *xapian, struct kw_sources **sources,
                                 struct kw_error *error)
{
    struct xc_database *first = first_of(xapian);
    const struct xc_error *failure;
    *sources = xapian->settings.sources ? &xapian->sources : NULL;
    if (xapian->has_sources || !*sources)
        return KW_OK;
    enum kw_status status = kw_pieces_read(&xapian->sources, first, xapian->settings.sources,
                                           xapian->where, &failure, error);
    if (status != KW_OK && failure)
        status = kw_xapian_failed(xapian, failure, error);
    xapian->has_sources = status == KW_OK;
    return status;
}

void kw_xapian_contents_forget(struct kw_xapian *xapian)
{
    if (xapian->has_sources)
        kw_sources_release(&xapian->sources);
    xapian->has_sources = false;
    forget_names(&xapian->names);
}

void kw_xapian_contents_release(struct kw_xapian *xapian)
{
    kw_xapian_contents_forget(xapian);
    free(xapian->names.fields.items);
    free(xapian->names.languages.items);
    kw_names_release(&xapian->names.known);
    kw_settings_release(&xapian->settings);
    free(xapian->folder);
    free(xapian->base_directory);
}
