/* Puts documents back into an index from the files that they came from, and mends what is known of
 * these files. */
#include "lib/repair.h"

#include "lib/handle.h"
#include "lib/paths.h"
#include "lib/writer_roots.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- What is known of files --------------------------------------------------------------- */

/* Makes sure that the file of a record is known, though not how it looked. */
static enum kw_status know_file(struct kw_repair *repair, const struct kw_record *record,
                                struct kw_error *error)
{
    struct kw_known known;
    if (kw_path_is_stream(record->path))
        return KW_OK;
    enum kw_status status = kw_ledger_find(&repair->writer->ledger, record->path, &known, error);
    if (status != KW_E_NOT_FOUND)
        return status;
    known = (struct kw_known){.size = KW_UNFINISHED,
                              .holds = kw_is_member(record) ? KW_HOLDS_ARCHIVE
                                       : record->is_record  ? KW_HOLDS_RECORDS
                                                            : KW_HOLDS_DOCUMENT,
                              .reading = KW_READING_UNKNOWN};
    return kw_ledger_set(&repair->writer->ledger, record->path, &known, error);
}

static enum kw_status take_record(void *context, const struct kw_record *record,
                                  struct kw_error *error)
{
    return know_file(context, record, error);
}

/* Adds the files that records name, of segments and of wrecks. */
static enum kw_status know_files(struct kw_repair *repair, struct kw_error *error)
{
    struct kw_rescue *rescue = repair->rescue;
    enum kw_status status = kw_rescue_records(rescue, false, take_record, repair, error);
    for (size_t i = 0; i < kw_rescue_wrecks(rescue) && status == KW_OK; i++) {
        uint32_t count = kw_rescue_wreck(rescue, i)->documents;
        for (uint32_t k = 0; k < count && status == KW_OK; k++) {
            struct kw_salvaged salvaged;
            status = kw_rescue_document(rescue, i, k, &salvaged, error);
            if (status == KW_OK && salvaged.named && !salvaged.deleted)
                status = know_file(repair, &salvaged.record, error);
        }
    }
    return status;
}

/* Tells of rows that are lost. */
static void tell_rows(const struct kw_repair *repair, uint64_t count, const char *one,
                      const char *many, const char *then)
{
    const struct kw_view none = {NULL, 0};
    if (count == UINT64_MAX)
        kw_repair_tell(repair, KWIC_REPAIR_NOTE, none, "all %s are lost%s", many, then);
    else if (count)
        kw_repair_tell(repair, KWIC_REPAIR_NOTE, none, "%" PRIu64 " %s %s lost%s", count,
                       count == 1 ? one : many, count == 1 ? "is" : "are", then);
}

enum kw_status kw_repair_sources(struct kw_repair *repair, struct kw_error *error)
{
    struct kw_ledger_losses lost;
    repair->sources_hold = repair->writer->ledger.sources != NULL;
    if (!kw_rescue_lost_sources(repair->rescue))
        return KW_OK;
    repair->sources_hold = false;
    enum kw_status status =
        kw_ledger_salvage(&repair->writer->ledger, kw_rescue_sources(repair->rescue), &lost, error);
    if (status != KW_OK)
        return status;
    tell_rows(repair, lost.files, "note of how a file looked", "notes of how files looked",
              ": they are read again when they are indexed again");
    tell_rows(repair, lost.roots, "note of what was indexed", "notes of what was indexed",
              ": name the files and folders to 'kwic index' once more");
    tell_rows(repair, lost.gone, "note of a document deleted by hand",
              "notes of documents deleted by hand", ": what is found deleted stays so");
    repair->gone_lost = lost.gone > 0;
    return know_files(repair, error);
}

/* Notes that a document is deleted, unless another one has its id. */
static enum kw_status take_deleted(void *context, const struct kw_record *record,
                                   struct kw_error *error)
{
    struct kw_repair *repair = context;
    bool held;
    if (kw_path_is_stream(record->path) || kw_names_find(&repair->named, record->id) != KW_NO_NAME)
        return KW_OK;
    enum kw_status status = kw_repair_held(repair, record->id, &held, error);
    if (status == KW_OK && !held)
        status = kw_ledger_set_gone(&repair->writer->ledger, record->id, true, error);
    return status;
}

enum kw_status kw_repair_gone(struct kw_repair *repair, struct kw_error *error)
{
    struct kw_rescue *rescue = repair->rescue;
    if (!repair->gone_lost)
        return KW_OK;
    enum kw_status status = kw_rescue_records(rescue, true, take_deleted, repair, error);
    for (size_t i = 0; i < kw_rescue_wrecks(rescue) && status == KW_OK; i++) {
        uint32_t count = kw_rescue_wreck(rescue, i)->documents;
        for (uint32_t k = 0; k < count && status == KW_OK; k++) {
            struct kw_salvaged salvaged;
            status = kw_rescue_document(rescue, i, k, &salvaged, error);
            if (status == KW_OK && salvaged.named && salvaged.deleted)
                status = take_deleted(repair, &salvaged.record, error);
        }
    }
    return status;
}

enum kw_status kw_repair_missing(struct kw_repair *repair, const struct kw_record *record,
                                 struct kw_error *error)
{
    struct kw_ledger *ledger = &repair->writer->ledger;
    struct kw_known known;
    enum kw_status status = kw_ledger_find(ledger, record->path, &known, error);
    if (status == KW_E_NOT_FOUND)
        return KW_OK;
    known.size = KW_UNFINISHED;
    return status == KW_OK ? kw_ledger_set(ledger, record->path, &known, error) : status;
}

/* ---- Reading files again ------------------------------------------------------------------ */

static bool is_there(const struct kw_repair *repair, struct kw_view name)
{
    const struct kwic_writer *writer = repair->writer;
    struct stat info;
    char *path = kw_path_shown(writer->engine->ops->base(writer->engine), name);
    bool there = path && stat(path, &info) == 0 && S_ISREG(info.st_mode);
    free(path);
    return there;
}

enum kw_status kw_repair_want(struct kw_repair *repair, struct kw_view path, bool *there,
                              struct kw_error *error)
{
    bool found = kw_names_find(&repair->files, path) != KW_NO_NAME;
    if (!found && !kw_path_is_stream(path) && is_there(repair, path)) {
        if (kw_names_add(&repair->files, path) == KW_NO_NAME)
            return kw_fail_memory(error);
        found = true;
    }
    if (there)
        *there = found;
    return KW_OK;
}

bool kw_repair_was_read(struct kw_repair *repair, struct kw_view path)
{
    struct kw_known known;
    uint32_t number = kw_names_find(&repair->files, path);
    return number != KW_NO_NAME && number < repair->files_read &&
           kw_ledger_find(&repair->writer->ledger, path, &known, NULL) == KW_OK &&
           known.size != KW_UNFINISHED;
}

/* Finds how a file was read, and how its reading is numbered; by its name and content if that is
 * not known. Strings go into the arena. */
static enum kw_status find_reading(struct kw_repair *repair, const struct kw_known *known,
                                   struct kw_arena *arena, struct kw_visit *visit,
                                   struct kw_error *error)
{
    struct kw_ledger *ledger = &repair->writer->ledger;
    struct kw_bytes code = KW_BYTES_INIT;
    visit->source = (struct kw_source_options){.format = KW_FORMAT_AUTO};
    visit->reading = known ? known->reading : KW_READING_UNKNOWN;
    if (visit->reading < ledger->readings.count &&
        kw_reading_decode(kw_names_get(&ledger->readings, visit->reading), arena, &visit->source))
        return KW_OK;
    visit->source = (struct kw_source_options){.format = KW_FORMAT_AUTO};
    kw_reading_code(&code, &visit->source);
    enum kw_status status = kw_bytes_status(&code, error);
    if (status == KW_OK)
        status = kw_ledger_reading(ledger, kw_bytes_view(&code), &visit->reading, error);
    kw_bytes_release(&code);
    return status;
}

/* Reads a file again, whatever is known of it. */
static enum kw_status read_again(struct kw_repair *repair, struct kw_view name,
                                 struct kw_error *error)
{
    struct kwic_writer *writer = repair->writer;
    struct kw_arena arena = KW_ARENA_INIT;
    struct kw_known known;
    struct kw_visit visit = {.refresh = true};
    char *path = kw_path_shown(writer->engine->ops->base(writer->engine), name);
    visit.name = kw_arena_copy(&arena, name); /* with a NUL behind it */
    visit.path = path;
    enum kw_status status = path && visit.name.data ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = kw_ledger_find(&writer->ledger, name, &known, error);
    bool is_known = status == KW_OK;
    if (status == KW_E_NOT_FOUND)
        status = KW_OK;
    if (status == KW_OK)
        status = find_reading(repair, is_known ? &known : NULL, &arena, &visit, error);
    if (status == KW_OK && is_known) {
        known.size = KW_UNFINISHED;
        status = kw_ledger_set(&writer->ledger, name, &known, error);
    }
    visit.source.archives = true; /* what gave documents gives them again */
    if (status == KW_OK)
        status = kw_visit_file(writer, &visit, error);
    kw_arena_release(&arena);
    free(path);
    return status;
}

enum kw_status kw_repair_read(struct kw_repair *repair, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    while (repair->files_read < repair->files.count && status == KW_OK)
        status =
            read_again(repair, kw_names_get(&repair->files, (uint32_t)repair->files_read++), error);
    return status;
}

/* ---- Documents without names -------------------------------------------------------------- */

/* Wants a file that may have been in a wreck: a document that is nowhere, or records. */
static enum kw_status suppose(struct kw_repair *repair, const struct kw_source_file *file,
                              struct kw_error *error)
{
    struct kw_ledger *ledger = &repair->writer->ledger;
    struct kw_known known;
    bool held = false;
    bool there;
    enum kw_status status = kw_ledger_find(ledger, file->path, &known, error);
    if (status != KW_OK || known.holds == KW_HOLDS_NOTHING || kw_ledger_is_gone(ledger, file->path))
        return status;
    if (known.holds == KW_HOLDS_DOCUMENT)
        status = kw_repair_held(repair, file->path, &held, error);
    if (status != KW_OK || held)
        return status;
    status = kw_repair_want(repair, file->path, &there, error);
    if (status == KW_OK && known.holds == KW_HOLDS_DOCUMENT &&
        kw_names_find(&repair->named, file->path) == KW_NO_NAME &&
        kw_names_add(&repair->supposed, file->path) == KW_NO_NAME)
        status = kw_fail_memory(error);
    if (status == KW_OK && known.holds != KW_HOLDS_DOCUMENT && !there) {
        kw_repair_tell(repair, KWIC_REPAIR_NOTE, (struct kw_view){NULL, 0},
                       "which documents of '%.*s' are lost cannot be told: it is not there",
                       (int)file->path.size, (const char *)file->path.data);
        known.size = KW_UNFINISHED;
        status = kw_ledger_set(ledger, file->path, &known, error);
    }
    return status;
}

enum kw_status kw_repair_unnamed(struct kw_repair *repair, struct kw_error *error)
{
    struct kw_source_file *files = NULL;
    size_t count = 0;
    if (!repair->unnamed)
        return KW_OK;
    enum kw_status status = kw_ledger_files(&repair->writer->ledger, &files, &count, error);
    for (size_t i = 0; i < count && status == KW_OK; i++)
        status = suppose(repair, &files[i], error);
    free(files);
    if (status == KW_OK)
        status = kw_repair_read(repair, error);
    if (status == KW_OK && kw_rescue_lost_sources(repair->rescue))
        status = kw_refresh(repair->writer, error); /* files that nothing tells of any more */
    if (status == KW_OK && repair->gone_lost)
        kw_repair_tell(repair, KWIC_REPAIR_NOTE, (struct kw_view){NULL, 0},
                       "documents that were deleted by hand may be among those indexed again");
    return status;
}
