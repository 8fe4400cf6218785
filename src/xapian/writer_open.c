/* Opens and closes a Xapian database for writing. */
#include "xapian/writer_state.h"

#include "engine/writer_settings.h"
#include "index/manifest.h"
#include "xapian/pieces.h"
#include "xapian/schema.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- The folder --------------------------------------------------------------------------- */

/* Whether a name is that of a file that Xapian makes in a database's folder. */
static bool is_own_name(const char *name)
{
    static const char *const names[] = {"flintlock", "iamglass", "v.tmp"};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return size > 6 && strcmp(name + size - 6, ".glass") == 0;
}

/* Whether the folder may become a database: nothing is in it but what an interrupted writer left.
 */
static enum kw_status check_vacant(const struct kw_xapian_writer *writer, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct dirent *item;
    DIR *stream = opendir(writer->place.path);
    if (!stream && errno == ENOTDIR)
        return kw_fail(error, KW_E_NO_INDEX, "'%s' is not a Xapian database", writer->where);
    if (!stream)
        return kw_fail_errno(error, "cannot read folder '%s'", writer->place.path);
    while (status == KW_OK && (item = readdir(stream))) {
        if (strcmp(item->d_name, ".") && strcmp(item->d_name, "..") && !is_own_name(item->d_name)) {
            status = kw_fail(error, KW_E_NO_INDEX, "'%s' is neither empty nor a Xapian database",
                             writer->where);
            kw_hint(error, "name a folder of its own for the database");
        }
    }
    closedir(stream);
    return status;
}

/* Makes sure that there is a database, or that one may be made; *there tells which. */
static enum kw_status prepare_folder(struct kw_xapian_writer *writer,
                                     const struct kw_writer_options *options, bool *there,
                                     struct kw_error *error)
{
    const char *path = writer->place.path;
    struct stat info;
    *there = true;
    enum xc_status found = xc_database_open(writer->database, path, 0);
    if (found == XC_OK)
        return KW_OK;
    if (!options->create || (stat(path, &info) == 0 && !S_ISDIR(info.st_mode)) ||
        (found != XC_E_DATABASE_NOT_FOUND && found != XC_E_DATABASE_OPENING))
        return kw_xapian_writer_failed(writer, error);
    *there = false;
    if (mkdir(path, 0700) == 0)
        writer->made_folder = true;
    else if (errno != EEXIST)
        return kw_fail_errno(error, "cannot create '%s'", path);
    return check_vacant(writer, error);
}

/* Removes a database that this writer made. */
static void remove_made(const struct kw_xapian_writer *writer)
{
    struct dirent *item;
    DIR *stream = opendir(writer->place.path);
    while (stream && (item = readdir(stream)))
        if (is_own_name(item->d_name))
            unlinkat(dirfd(stream), item->d_name, 0);
    if (stream)
        closedir(stream);
    if (writer->made_folder)
        rmdir(writer->place.path);
}

/* Notes the folder's true name. */
static enum kw_status find_folder(struct kw_xapian_writer *writer, struct kw_error *error)
{
    struct stat info;
    if (stat(writer->place.path, &info) != 0 || !S_ISDIR(info.st_mode))
        return KW_OK;
    writer->folder = realpath(writer->place.path, NULL);
    return writer->folder ? KW_OK : kw_fail_errno(error, "cannot open '%s'", writer->place.path);
}

/* Takes the lock. */
static enum kw_status open_database(struct kw_xapian_writer *writer,
                                    const struct kw_writer_options *options, struct kw_error *error)
{
    bool there = true;
    enum kw_status status = KW_OK;
    if (writer->place.path)
        status = prepare_folder(writer, options, &there, error);
    if (status == KW_OK)
        status = kw_xapian_open_writable(writer->database, &writer->place, !there, options->no_sync,
                                         options->wait, error);
    if (status != KW_OK)
        return status;
    writer->made = !there;
    return writer->place.path ? find_folder(writer, error) : KW_OK;
}

/* ---- What is in it ------------------------------------------------------------------------ */

/* Begins a database that has no commit yet. */
static enum kw_status begin_index(struct kw_xapian_writer *writer,
                                  const struct kw_writer_options *options, struct kw_error *error)
{
    struct kw_settings *settings = &writer->settings;
    settings->analysis.version = KW_ANALYSIS_VERSION;
    writer->base = kw_writer_base(options, writer->folder);
    if (!writer->base)
        return kw_fail_errno(error, "cannot find the working directory");
    settings->base =
        writer->folder ? kw_path_relative(writer->folder, writer->base) : strdup(writer->base);
    return settings->base ? KW_OK : kw_fail_memory(error);
}

/* Takes the settings that the database has; *found: it has some. */
static enum kw_status read_settings(struct kw_xapian_writer *writer, bool *found,
                                    struct kw_error *error)
{
    struct xc_statistics statistics;
    struct xc_text text;
    if (xc_database_statistics(writer->database, &statistics) != XC_OK ||
        xc_database_metadata(writer->database, XC_TEXT(KW_SETTINGS_KEY), &text) != XC_OK)
        return kw_xapian_writer_failed(writer, error);
    writer->before = statistics.last_docid;
    *found = text.size > 0;
    if (*found)
        return kw_settings_read(&writer->settings,
                                (struct kw_view){(const uint8_t *)text.data, text.size},
                                writer->where, error);
    if (!statistics.last_docid)
        return KW_OK;
    kw_fail(error, KW_E_NO_INDEX, "'%s' is a Xapian database that kwic did not make",
            writer->where);
    kw_hint(error, "kwic can only search it; name another place for the index");
    return KW_E_NO_INDEX;
}

static enum kw_status load(struct kw_xapian_writer *writer, const struct kw_writer_options *options,
                           struct kw_error *error)
{
    bool found = false;
    enum kw_status status = read_settings(writer, &found, error);
    if (status == KW_OK && !found && !options->create) {
        kw_fail(error, KW_E_NO_INDEX, "no index in '%s'", writer->where);
        kw_hint(error, "make one with 'kwic index -i %.200s PATH'", writer->where);
        return KW_E_NO_INDEX;
    }
    if (status != KW_OK || !found)
        return status == KW_OK ? begin_index(writer, options, error) : status;
    if (!writer->folder && writer->settings.base[0] != '/') {
        kw_fail(error, KW_E_USAGE,
                "the base directory of '%s' is relative to a folder that is not known here",
                writer->where);
        kw_hint(error, "index where the database lies, under its own name");
        return KW_E_USAGE;
    }
    writer->base = kw_path_from(writer->folder ? writer->folder : "/", writer->settings.base);
    return writer->base ? KW_OK : kw_fail_memory(error);
}

enum kw_status kw_xapian_writer_slots(struct kw_xapian_writer *writer, struct kw_error *error)
{
    size_t count = writer->types.names.count;
    if (!kw_grow(&writer->slots, count + 1))
        return kw_fail_memory(error);
    while (writer->slots.count < count) {
        uint32_t slot =
            kw_schema_slot(kw_names_get(&writer->types.names, (uint32_t)writer->slots.count));
        for (size_t i = 0; i < writer->slots.count; i++) {
            if (writer->slots.items[i] == slot) {
                slot = kw_schema_next_slot(slot);
                i = SIZE_MAX; /* from the first on */
            }
        }
        writer->slots.items[writer->slots.count++] = slot;
    }
    return KW_OK;
}

/* Settles the types of fields: those that the database has, and those asked for. */
static enum kw_status settle_types(struct kw_xapian_writer *writer,
                                   const struct kw_writer_options *options, struct kw_error *error)
{
    const struct kw_settings *settings = &writer->settings;
    struct kw_manifest manifest = KW_MANIFEST_INIT;
    manifest.fields = calloc(settings->count + 1, sizeof *manifest.fields);
    if (!manifest.fields || !kw_grow(&writer->slots, settings->count + 1)) {
        free(manifest.fields);
        return kw_fail_memory(error);
    }
    for (size_t i = 0; i < settings->count; i++) {
        const struct kw_settings_field *field = &settings->items[i];
        manifest.fields[i] = (struct kw_manifest_field){
            (char *)(uintptr_t)field->name.data, field->name.size, field->type, field->asked};
        writer->slots.items[writer->slots.count++] = field->slot;
    }
    manifest.field_count = (uint32_t)settings->count;
    enum kw_status status = kw_field_types_init(&writer->types, &manifest, error);
    free(manifest.fields);
    for (size_t i = 0; i < options->type_count && status == KW_OK; i++)
        status = kw_field_types_ask(&writer->types, options->types[i].name, options->types[i].type,
                                    writer->where, error);
    writer->changed = writer->types.changed;
    return status == KW_OK ? kw_xapian_writer_slots(writer, error) : status;
}

static enum kw_status read_sources(struct kw_xapian_writer *writer, struct kw_error *error)
{
    const struct xc_error *failure;
    struct kw_sources *sources = calloc(1, sizeof *sources);
    if (!sources)
        return kw_fail_memory(error);
    enum kw_status status = kw_pieces_read(sources, writer->database, writer->settings.sources,
                                           writer->where, &failure, error);
    if (status == KW_OK)
        writer->sources = sources;
    else
        free(sources);
    return status;
}

/* ---- Opening and closing ------------------------------------------------------------------ */

/* Begins the transaction that lasts until the next commit. The settings of a database without
 * documents go in first: a server may put its documents on disk before they are committed here. */
static enum kw_status begin(struct kw_xapian_writer *writer, struct kw_error *error)
{
    if (xc_database_begin_transaction(writer->database, true) != XC_OK)
        return kw_xapian_writer_failed(writer, error);
    writer->open = true;
    if (writer->settings.commit)
        return KW_OK;
    kw_settings_write(&writer->settings, &writer->key);
    enum kw_status status = kw_bytes_status(&writer->key, error);
    if (status == KW_OK && xc_database_set_metadata(writer->database, XC_TEXT(KW_SETTINGS_KEY),
                                                    (struct xc_text){(const char *)writer->key.data,
                                                                     writer->key.size}) != XC_OK)
        status = kw_xapian_writer_failed(writer, error);
    return status;
}

enum kw_status kw_xapian_writer_open(struct kw_xapian_writer *writer,
                                     const struct kw_writer_options *options,
                                     struct kw_error *error)
{
    if (options->store)
        return kw_fail(error, KW_E_USAGE, "'%s' is of Xapian, which has its own store",
                       writer->where);
    enum kw_status status = kw_xapian_place_init(&writer->place, writer->where, error);
    if (status == KW_OK)
        status = open_database(writer, options, error);
    if (status == KW_OK)
        status = load(writer, options, error);
    if (status == KW_OK)
        status = kw_writer_settle(&writer->analyzer, &writer->settings.analysis,
                                  writer->settings.commit == 0, options, writer->where, error);
    if (status == KW_OK)
        status = settle_types(writer, options, error);
    if (status == KW_OK && writer->settings.sources)
        status = read_sources(writer, error);
    return status == KW_OK ? begin(writer, error) : status;
}

void kw_xapian_writer_close(struct kw_xapian_writer *writer)
{
    if (writer->open)
        xc_database_cancel_transaction(writer->database);
    if (writer->database)
        xc_database_close(writer->database);
    if (writer->made && writer->settings.commit == 0)
        remove_made(writer);
    else if (writer->made_folder && !writer->made)
        rmdir(writer->place.path);
}
