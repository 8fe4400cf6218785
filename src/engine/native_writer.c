/* The native index's writer: its lock and folder, what is deleted and by whom an id is owned, and
 * the commit. */
#include "engine/native_writer.h"

#include "engine/native_fresh.h"
#include "engine/native_merge.h"
#include "engine/native_rescue.h"
#include "engine/writer_settings.h"
#include "index/commit.h"
#include "index/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert((int)KW_SETTING_SIZE == (int)KW_LANGUAGE_SIZE, "a language fits its setting");

struct native_writer {
    struct kw_engine_writer door;
    char *folder; /* without symbolic links */
    char *base;   /* absolute */
    int lock;
    bool made_folder;
    bool ready; /* the manifest is known: what it does not name may be removed */
    bool sync;
    struct kw_rescue *rescue; /* of what is damaged, borrowed; NULL: nothing may be */
    bool changed;    /* documents added or deleted since the last commit, or types asked for */
    uint64_t closed; /* segments closed since the last commit */
    uint64_t added;  /* documents, in all */
    struct kw_manifest manifest; /* of the last commit, but for next_number */
    struct kw_analysis settings;
    struct kw_parts parts;
    struct kw_fresh fresh;
    bool has_fresh;
    struct kw_field_types types;
    struct kw_searched searched; /* of the last document */
    struct kw_misfits misfits;
    struct kw_bytes values;
    struct kw_sources sources;
    bool has_sources;
};

static struct native_writer *writer_of(struct kw_engine_writer *door)
{
    return (struct native_writer *)door;
}

static const struct native_writer *look(const struct kw_engine_writer *door)
{
    return (const struct native_writer *)door;
}

/* ---- Opening ------------------------------------------------------------------------------ */

/* Whether a name in an index folder is a writer's own, such as an interrupted one leaves. */
static bool is_own_name(const char *name)
{
    static const char *const names[] = {".", "..", "lock", "manifest.new"};
    static const char *const kinds[] = {"segment-", "deletes-", "sources-"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *number = name + strlen(kinds[i]);
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0 && *number &&
            number[strspn(number, "0123456789")] == '\0')
            return true;
    }
    return false;
}

/* Whether the folder may become an index: nothing is in it but what an interrupted writer left. */
static enum kw_status check_vacant(const char *folder, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct dirent *item;
    DIR *stream = opendir(folder);
    if (!stream && errno == ENOTDIR)
        return kw_fail(error, KW_E_NO_INDEX, "'%s' is not a kwic index", folder);
    if (!stream)
        return kw_fail_errno(error, "cannot read folder '%s'", folder);
    while (status == KW_OK && (item = readdir(stream))) {
        if (!is_own_name(item->d_name)) {
            status =
                kw_fail(error, KW_E_NO_INDEX, "'%s' is neither empty nor a kwic index", folder);
            kw_hint(error, "name a folder of its own for the index");
        }
    }
    closedir(stream);
    return status;
}

/* Makes sure that the folder is there and is an index or may become one. */
static enum kw_status prepare_folder(struct native_writer *writer, const char *folder,
                                     const struct kw_writer_options *options,
                                     struct kw_error *error)
{
    struct kw_manifest manifest = KW_MANIFEST_INIT;
    free(writer->folder);
    writer->folder = NULL;
    if (options->create && mkdir(folder, 0700) == 0)
        writer->made_folder = true;
    else if (options->create && errno != EEXIST)
        return kw_fail_errno(error, "cannot create '%s'", folder);
    writer->folder = realpath(folder, NULL);
    if (!writer->folder && errno == ENOENT) {
        kw_fail(error, KW_E_NO_INDEX, "no index in '%s'", folder);
        kw_hint(error, "make one with 'kwic index PATH'");
        return KW_E_NO_INDEX;
    }
    if (!writer->folder)
        return kw_fail_errno(error, "cannot open '%s'", folder);
    enum kw_status status = kw_manifest_init(&manifest, writer->folder, error);
    kw_manifest_release(&manifest);
    if (status == KW_E_NO_INDEX && options->create)
        status = check_vacant(writer->folder, error);
    return status;
}

/* Begins an index that has no commit yet. */
static enum kw_status begin_index(struct native_writer *writer,
                                  const struct kw_writer_options *options, struct kw_error *error)
{
    writer->manifest = (struct kw_manifest)KW_MANIFEST_INIT;
    writer->manifest.analysis = KW_ANALYSIS_VERSION;
    writer->base = kw_writer_base(options, writer->folder);
    if (!writer->base)
        return kw_fail_errno(error, "cannot find the working directory");
    writer->manifest.base = kw_path_relative(writer->folder, writer->base);
    return writer->manifest.base ? KW_OK : kw_fail_memory(error);
}

/* Takes the base directory from the manifest. */
static enum kw_status find_base(struct native_writer *writer, struct kw_error *error)
{
    writer->base = kw_path_from(writer->folder, writer->manifest.base);
    return writer->base ? KW_OK : kw_fail_memory(error);
}

/* Settles language and folding. */
static enum kw_status settle_analysis(struct native_writer *writer,
                                      const struct kw_writer_options *options,
                                      struct kw_error *error)
{
    struct kw_manifest *manifest = &writer->manifest;
    struct kw_analysis *settings = &writer->settings;
    struct kw_analyzer *analyzer;
    settings->version = manifest->analysis;
    settings->keep_accents = manifest->keep_accents;
    settings->rules = KW_RULES_OWN;
    memcpy(settings->language, manifest->language, sizeof settings->language);
    enum kw_status status = kw_writer_settle(&analyzer, settings, manifest->commit == 0, options,
                                             writer->folder, error);
    kw_analyzer_free(analyzer); /* each segment has its own */
    if (status == KW_OK) {
        memcpy(manifest->language, settings->language, sizeof manifest->language);
        manifest->keep_accents = settings->keep_accents;
    }
    return status;
}

/* Takes manifest and segments from the newest commit. KW_E_NO_INDEX if there is none. */
static enum kw_status load(struct native_writer *writer, struct kw_error *error)
{
    struct kw_snapshot *snapshot = NULL;
    enum kw_status status = writer->rescue
                                ? kw_rescue_load(writer->rescue, writer->folder, &writer->manifest,
                                                 &writer->parts, error)
                                : kw_snapshot_new(&snapshot, writer->folder, error);
    if (status != KW_OK || writer->rescue)
        return status == KW_OK ? find_base(writer, error) : status;
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && status == KW_OK; i++) {
        const struct kw_manifest_segment *row = &snapshot->manifest.segments[i];
        kw_map_expect(&snapshot->segments[i]->pages.map, true); /* for merging */
        status = kw_parts_add(&writer->parts, snapshot->segments[i], row->number, row->deletes, 0,
                              error);
        if (status == KW_OK)
            snapshot->segments[i] = NULL;
    }
    if (status == KW_OK) {
        writer->manifest = snapshot->manifest;
        snapshot->manifest = (struct kw_manifest)KW_MANIFEST_INIT;
    }
    kw_snapshot_free(snapshot);
    return status == KW_OK ? find_base(writer, error) : status;
}

/* Settles the types of fields: those of the manifest, and those asked for. */
static enum kw_status settle_types(struct native_writer *writer,
                                   const struct kw_writer_options *options, struct kw_error *error)
{
    enum kw_status status = kw_field_types_init(&writer->types, &writer->manifest, error);
    for (size_t i = 0; i < writer->parts.count && status == KW_OK; i++)
        status = kw_field_types_searched(&writer->types, writer->parts.items[i].segment, error);
    for (size_t i = 0; i < options->type_count && status == KW_OK; i++)
        status = kw_field_types_ask(&writer->types, options->types[i].name, options->types[i].type,
                                    writer->folder, error);
    writer->changed =
        writer->types.changed || (writer->rescue && kw_rescue_problems(writer->rescue));
    return status;
}

/* Maps the sources of the manifest in place of those of an earlier one. */
static enum kw_status open_sources(struct native_writer *writer, struct kw_error *error)
{
    if (writer->has_sources)
        kw_sources_release(&writer->sources);
    writer->has_sources = false;
    if (!writer->manifest.sources)
        return KW_OK;
    char *path = kw_index_file(writer->folder, "sources", writer->manifest.sources);
    if (!path)
        return kw_fail_memory(error);
    enum kw_status status = kw_sources_init(&writer->sources, path, error);
    writer->has_sources = status == KW_OK;
    free(path);
    return status;
}

/* Whether the lock that is held is the one that others find: a writer that gives a new index up
 * removes its lock, for which this one may have waited. */
static bool holds_lock(const struct native_writer *writer)
{
    struct stat held;
    struct stat named;
    char *path = kw_path_join(writer->folder, "lock");
    bool same = path && fstat(writer->lock, &held) == 0 && stat(path, &named) == 0 &&
                held.st_dev == named.st_dev && held.st_ino == named.st_ino;
    free(path);
    return same;
}

static void begin_fresh(struct native_writer *writer, const struct kw_writer_options *options)
{
    struct kw_fresh_settings settings = {
        .folder = writer->folder,
        .analysis = &writer->settings,
        .codec = writer->manifest.zlib ? KW_TEXT_ZLIB : KW_TEXT_WORDS,
        .segment = options->segment ? options->segment : KW_SEGMENT_INPUT,
        .threads = options->threads ? options->threads : 1,
        .memory = options->memory,
        .arrays = options->arrays,
        .sync = writer->sync,
    };
    kw_fresh_init(&writer->fresh, &settings);
    writer->has_fresh = true;
}

static enum kw_status start(struct native_writer *writer, const char *folder,
                            const struct kw_writer_options *options, struct kw_error *error)
{
    enum kw_status status;
    do {
        kw_lock_release(&writer->lock);
        status = prepare_folder(writer, folder, options, error);
        if (status == KW_OK)
            status = kw_lock_init(&writer->lock, writer->folder, options->wait, error);
    } while (status == KW_OK && !holds_lock(writer));
    if (status != KW_OK)
        return status;
    /* Only now: what was there before the lock may be another writer's past. */
    status = load(writer, error);
    if (status == KW_E_NO_INDEX && options->create)
        status = begin_index(writer, options, error);
    writer->ready = status == KW_OK;
    if (status == KW_OK)
        status = settle_analysis(writer, options, error);
    if (status == KW_OK)
        status = kw_writer_store(&writer->manifest.zlib, !writer->manifest.commit, options,
                                 writer->folder, error);
    if (status == KW_OK)
        status = settle_types(writer, options, error);
    if (status == KW_OK && !writer->rescue)
        status = kw_commit_sweep(&writer->manifest, writer->folder, error);
    if (status == KW_OK)
        status = open_sources(writer, error);
    if (status == KW_OK)
        begin_fresh(writer, options);
    return status;
}

/* Removes what was not committed and, if there never was a commit, the lock. What is committed is
 * asked of the disk: a commit that failed may have been published all the same. */
static void tidy(struct native_writer *writer)
{
    struct kw_manifest manifest;
    enum kw_status status = kw_manifest_init(&manifest, writer->folder, NULL);
    bool never = status == KW_E_NO_INDEX && writer->manifest.commit == 0;
    if (status == KW_OK || never)
        kw_commit_sweep(&manifest, writer->folder, NULL);
    if (never) {
        char *path = kw_path_join(writer->folder, "lock");
        if (path)
            unlink(path);
        free(path);
    }
    kw_manifest_release(&manifest);
}

static void native_free(struct kw_engine_writer *door)
{
    struct native_writer *writer = writer_of(door);
    if (writer->has_fresh)
        kw_fresh_release(&writer->fresh);
    if (writer->lock >= 0 && writer->ready)
        tidy(writer);
    if (writer->made_folder && writer->folder && writer->manifest.commit == 0)
        rmdir(writer->folder);
    kw_lock_release(&writer->lock);
    kw_parts_release(&writer->parts);
    if (writer->has_sources)
        kw_sources_release(&writer->sources);
    kw_field_types_release(&writer->types);
    free(writer->searched.items);
    free(writer->misfits.items);
    kw_bytes_release(&writer->values);
    kw_manifest_release(&writer->manifest);
    free(writer->folder);
    free(writer->base);
    free(writer);
}

/* ---- Looking ------------------------------------------------------------------------------ */

static const char *native_folder(const struct kw_engine_writer *door)
{
    return look(door)->folder;
}

static const char *native_base(const struct kw_engine_writer *door)
{
    return look(door)->base;
}

static struct kw_sources *native_sources(struct kw_engine_writer *door)
{
    struct native_writer *writer = writer_of(door);
    return writer->has_sources ? &writer->sources : NULL;
}

static uint64_t native_commit_number(const struct kw_engine_writer *door)
{
    return look(door)->manifest.commit;
}

static bool native_changed(const struct kw_engine_writer *door)
{
    return look(door)->changed;
}

static uint64_t native_closed(const struct kw_engine_writer *door)
{
    return look(door)->closed;
}

static uint64_t native_added(const struct kw_engine_writer *door)
{
    return look(door)->added;
}

static uint64_t native_words(struct kw_engine_writer *door)
{
    return kw_fresh_words(&writer_of(door)->fresh);
}

static enum kw_status native_owner(struct kw_engine_writer *door, struct kw_view id,
                                   struct kw_owner *owner, struct kw_error *error)
{
    struct native_writer *writer = writer_of(door);
    struct kw_record record;
    size_t part;
    uint32_t document;
    const struct kw_fresh_segment *fresh = kw_fresh_find(&writer->fresh, id, &document);
    if (fresh) {
        uint32_t path = fresh->items[document].path;
        owner->is_record = path != KW_NO_NAME;
        owner->path = owner->is_record ? kw_names_get(&fresh->paths, path) : id;
        owner->serial = fresh->serial + document;
        return KW_OK;
    }
    enum kw_status status = kw_parts_find(&writer->parts, id, &part, &document, error);
    if (status != KW_OK)
        return status;
    uint64_t serial = writer->parts.items[part].serial;
    status = kw_segment_record(writer->parts.items[part].segment, document, &record, error);
    if (status == KW_OK)
        *owner = (struct kw_owner){record.path, serial ? serial + document : 0, record.is_record};
    return status;
}

/* ---- Adding and deleting ------------------------------------------------------------------ */

static enum kw_status native_remove(struct kw_engine_writer *door, struct kw_view id,
                                    struct kw_error *error)
{
    struct native_writer *writer = writer_of(door);
    size_t part;
    uint32_t document;
    enum kw_status status = KW_OK;
    struct kw_fresh_segment *fresh = kw_fresh_find(&writer->fresh, id, &document);
    if (fresh) {
        fresh->items[document].deleted = true;
    } else {
        status = kw_parts_find(&writer->parts, id, &part, &document, error);
        if (status == KW_OK)
            status = kw_part_delete(&writer->parts.items[part], document, error);
    }
    if (status == KW_OK)
        writer->changed = true;
    return status;
}

static enum kw_status native_remove_path(struct kw_engine_writer *door, struct kw_view path,
                                         uint64_t *count, struct kw_error *error)
{
    struct native_writer *writer = writer_of(door);
    struct kw_owner owner;
    *count = kw_fresh_delete_path(&writer->fresh, path);
    enum kw_status status = kw_parts_delete_path(&writer->parts, path, count, error);
    if (status != KW_OK)
        return status;
    status = native_owner(door, path, &owner, error);
    if (status == KW_OK && !owner.is_record) {
        status = native_remove(door, path, error);
        (*count)++;
    }
    if (*count)
        writer->changed = true;
    return status == KW_E_NOT_FOUND ? KW_OK : status;
}

/* Hands a document to the segment that takes documents, begun if need be. What fields it has is
 * settled here, in the order of documents. */
static enum kw_status add_document(struct native_writer *writer, const struct kw_document *document,
                                   struct kw_error *error)
{
    bool automatic = strcmp(writer->settings.language, "auto") == 0;
    const char *language = automatic ? kw_document_language(document) : "";
    struct kw_document_sink sink = kw_message_values(&writer->values);
    enum kw_status status = KW_OK;
    bool closed = false;
    if (kw_fresh_begins(&writer->fresh))
        status = kw_fresh_begin(&writer->fresh, writer->manifest.next_number++, writer->added + 1,
                                &writer->parts, error);
    kw_bytes_clear(&writer->values);
    if (status == KW_OK)
        status = kw_document_searched(&writer->types, document, &writer->searched, error);
    if (status == KW_OK)
        status = kw_document_values_add(&sink, &writer->types, document,
                                        automatic ? language : writer->settings.language,
                                        &writer->misfits, error);
    if (status != KW_OK)
        return status;
    struct kw_message message = {*document, language, writer->searched.items,
                                 kw_bytes_view(&writer->values)};
    status = kw_fresh_add(&writer->fresh, &message, &closed, error);
    writer->closed += closed;
    return status;
}

static enum kw_status native_add(struct kw_engine_writer *door, const struct kw_document *document,
                                 struct kw_added *added, struct kw_error *error)
{
    struct native_writer *writer = writer_of(door);
    enum kw_status status = native_remove(door, document->id, error);
    if (status == KW_E_NOT_FOUND) {
        status = kw_parts_found_before(&writer->parts, document->id, error);
        added->existed = status == KW_OK;
    } else {
        added->existed = true;
    }
    if (status != KW_OK && status != KW_E_NOT_FOUND)
        return status;
    status = add_document(writer, document, error);
    if (status != KW_OK)
        return status;
    added->refused = NULL;
    added->misfits = writer->misfits.items;
    added->misfit_count = writer->misfits.count;
    writer->changed = true;
    writer->added++;
    return KW_OK;
}

/* ---- Committing --------------------------------------------------------------------------- */

/* Where files of the index go. */
static struct kw_parts_place place_of(struct native_writer *writer)
{
    return (struct kw_parts_place){
        .folder = writer->folder,
        .next_number = &writer->manifest.next_number,
        .codec = writer->manifest.zlib ? KW_TEXT_ZLIB : KW_TEXT_WORDS,
        .sync = writer->sync,
    };
}

static enum kw_status native_commit(struct kw_engine_writer *door,
                                    const struct kw_source_file *files, size_t file_count,
                                    const struct kw_view *roots, size_t root_count,
                                    const struct kw_view *gone, size_t gone_count,
                                    struct kw_error *error)
{
    struct native_writer *writer = writer_of(door);
    struct kw_parts_place place = place_of(writer);
    struct kw_manifest next = KW_MANIFEST_INIT;
    char *path = NULL;
    bool closed;
    enum kw_status status = kw_fresh_finish(&writer->fresh, &writer->parts, &closed, error);
    writer->closed += closed;
    if (status == KW_OK)
        status = kw_manifest_copy(&next, &writer->manifest, error);
    if (status == KW_OK)
        status = kw_parts_list(&writer->parts, &place, &next, error);
    if (status == KW_OK)
        status = kw_field_types_store(&writer->types, &next, error);
    if (status != KW_OK)
        goto done;
    next.sources = writer->manifest.next_number++;
    next.commit = writer->manifest.commit + 1;
    next.next_number = writer->manifest.next_number;
    path = kw_index_file(writer->folder, "sources", next.sources);
    status = path ? kw_sources_write(path, files, file_count, roots, root_count, gone, gone_count,
                                     writer->sync, error)
                  : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_commit(&next, writer->folder, writer->sync, error);
    if (status != KW_OK)
        goto done;
    kw_manifest_release(&writer->manifest);
    writer->manifest = next;
    next = (struct kw_manifest)KW_MANIFEST_INIT;
    writer->changed = false;
    writer->closed = 0;
    status = open_sources(writer, error);
done:
    kw_manifest_release(&next);
    free(path);
    return status;
}

/* ---- Merging ------------------------------------------------------------------------------ */

static enum kw_status native_merge(struct kw_engine_writer *door, const struct kw_merging *how,
                                   struct kw_merged *done, struct kw_error *error)
{
    struct native_writer *writer = writer_of(door);
    struct kw_parts_place place = place_of(writer);
    enum kw_status status = kw_parts_merge(&writer->parts, &place, how, done, error);
    writer->changed = writer->changed || done->changed;
    return status;
}

/* ---- The door ----------------------------------------------------------------------------- */

static const struct kw_writer_ops native_ops = {
    .free = native_free,
    .folder = native_folder,
    .base = native_base,
    .sources = native_sources,
    .commit_number = native_commit_number,
    .changed = native_changed,
    .closed = native_closed,
    .added = native_added,
    .words = native_words,
    .owner = native_owner,
    .add = native_add,
    .remove = native_remove,
    .remove_path = native_remove_path,
    .commit = native_commit,
    .merge = native_merge,
};

enum kw_status kw_native_writer_new(struct kw_engine_writer **out, const char *folder,
                                    const struct kw_writer_options *options,
                                    struct kw_rescue *rescue, struct kw_error *error)
{
    *out = NULL;
    struct native_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return kw_fail_memory(error);
    writer->door.ops = &native_ops;
    writer->lock = -1;
    writer->sync = !options->no_sync;
    writer->rescue = rescue;
    writer->manifest = (struct kw_manifest)KW_MANIFEST_INIT;
    writer->parts = (struct kw_parts)KW_PARTS_INIT;
    writer->types = (struct kw_field_types)KW_FIELD_TYPES_INIT;
    enum kw_status status = start(writer, folder, options, error);
    if (status == KW_OK)
        *out = &writer->door;
    else
        native_free(&writer->door);
    return status;
}
