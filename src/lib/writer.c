/* Opens an index for writing, deletes documents, commits. */
#include "lib/writer.h"

#include "engine/where.h"
#include "ingest/warn.h"
#include "lib/handle.h"
#include "lib/paths.h"
#include "lib/status.h"
#include "lib/writer_roots.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- For the other files ------------------------------------------------------------------ */

void kw_skip(struct kwic_writer *writer, const char *format, ...)
{
    char message[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    kw_warn(writer->options.warn, writer->options.context, "%s", message);
    writer->summary.skipped++;
}

enum kw_status kw_check_stop(const struct kwic_writer *writer, struct kw_error *error)
{
    if (writer->options.stop && *writer->options.stop)
        return kw_fail(error, KW_E_INTERRUPTED, "interrupted");
    return KW_OK;
}

enum kw_status kw_writer_commit(struct kwic_writer *writer, struct kw_error *error)
{
    uint64_t closed = writer->engine->ops->closed(writer->engine);
    if (writer->engine->ops->commit_number(writer->engine) && !writer->ledger.changed &&
        !writer->engine->ops->changed(writer->engine))
        return KW_OK;
    enum kw_status status = kw_ledger_commit(&writer->ledger, writer->engine, error);
    if (status == KW_OK)
        writer->segments += closed;
    return status;
}

/* ---- Opening ------------------------------------------------------------------------------ */

/* The types of fields that the options ask for; the caller frees *out. */
static enum kw_status ask_types(const struct kwic_index_options *options,
                                struct kw_asked_type **out, struct kw_error *error)
{
    static const enum kw_value_type types[] = {
        [KWIC_TYPE_TEXT] = KW_TYPE_TEXT,
        [KWIC_TYPE_KEYWORD] = KW_TYPE_KEYWORD,
        [KWIC_TYPE_NUMBER] = KW_TYPE_NUMBER,
        [KWIC_TYPE_DATE] = KW_TYPE_DATE,
    };
    *out = NULL;
    for (size_t i = 0; i < options->field_count; i++)
        if ((size_t)options->fields[i].type >= sizeof types / sizeof *types)
            return kw_fail(error, KW_E_USAGE, "the field '%.300s' is given an unknown type",
                           options->fields[i].name);
    *out = calloc(options->field_count + 1, sizeof **out);
    if (!*out)
        return kw_fail_memory(error);
    for (size_t i = 0; i < options->field_count; i++)
        (*out)[i] = (struct kw_asked_type){kw_view_of(options->fields[i].name),
                                           types[options->fields[i].type]};
    return KW_OK;
}

/* The processors that this process may use. */
static uint32_t processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (uint32_t)CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN); /* there are more than a set holds */
    return online > 0 ? (uint32_t)online : 1;
}

/* The bytes that a writer may take if nobody says how many. */
static uint64_t usual_memory(void)
{
    const uint64_t most = UINT64_C(1) << 30;
    long pages = sysconf(_SC_PHYS_PAGES);
    long size = sysconf(_SC_PAGESIZE);
    uint64_t quarter = pages > 0 && size > 0 ? (uint64_t)pages / 4 * (uint64_t)size : most;
    if (quarter < KWIC_LEAST_MEMORY)
        return KWIC_LEAST_MEMORY;
    return quarter < most ? quarter : most;
}

/* Opens the engine's writer. */
static enum kw_status open_engine(struct kwic_writer *writer, const char *where, bool create,
                                  struct kw_error *error)
{
    const struct kwic_index_options *options = &writer->options;
    struct kw_writer_options with = {
        .language = options->language,
        .keep_accents = options->keep_accents,
        .store = options->store,
        .create = create,
        .no_sync = options->no_sync,
        .wait = options->wait,
        .type_count = options->field_count,
        .threads = options->threads ? options->threads : processors(),
        .memory = options->memory ? options->memory : usual_memory(),
    };
    struct kw_asked_type *types;
    if (with.memory < KWIC_LEAST_MEMORY) {
        kw_fail(error, KW_E_USAGE, "a writer needs more memory than %llu bytes",
                (unsigned long long)with.memory);
        kw_hint(error, "%llu MiB are the least", (unsigned long long)KWIC_LEAST_MEMORY >> 20);
        return KW_E_USAGE;
    }
    enum kw_status status = ask_types(options, &types, error);
    if (status != KW_OK)
        return status;
    with.types = types;
    status = writer->rescue
                 ? kw_engine_rescue(&writer->engine, where, &with, writer->rescue, error)
                 : kw_engine_writer_new(&writer->engine, where, &with, kw_helpers(), error);
    free(types);
    if (status == KW_E_NO_INDEX)
        kw_hint_inner(error, where);
    return status;
}

static enum kw_status start(struct kwic_writer *writer, const char *where, bool create,
                            struct kw_error *error)
{
    struct kw_source_options reading;
    enum kw_status status = kw_reading_options(&reading, &writer->options, error);
    if (status == KW_OK)
        status = open_engine(writer, where, create, error);
    if (status != KW_OK)
        return status;
    const char *folder = writer->engine->ops->folder(writer->engine);
    if (folder) {
        writer->inside = kw_path_relative(writer->engine->ops->base(writer->engine), folder);
        if (!writer->inside)
            return kw_fail_memory(error);
    }
    status = kw_ledger_init(&writer->ledger, writer->engine->ops->sources(writer->engine), error);
    if (status == KW_OK)
        status = kw_html_new(&writer->html, kw_helpers(), error);
    return status;
}

enum kw_status kw_writer_open(struct kwic_writer **out, const char *where,
                              const struct kwic_index_options *options, bool create,
                              struct kw_rescue *rescue, struct kw_error *error)
{
    *out = NULL;
    struct kwic_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return kw_fail_memory(error);
    if (options)
        writer->options = *options;
    writer->rescue = rescue;
    writer->ledger = (struct kw_ledger)KW_LEDGER_INIT;
    writer->where = strdup(where);
    enum kw_status status = writer->where ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK)
        status = start(writer, where, create, error);
    if (status == KW_OK)
        *out = writer;
    else
        kwic_writer_free(writer);
    return status;
}

enum kwic_status kwic_writer_new(struct kwic_writer **out, const char *where,
                                 const struct kwic_index_options *options, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    return kw_publish(kw_writer_open(out, where, options, true, NULL, &inner), &inner, error);
}

enum kwic_status kwic_writer_new_existing(struct kwic_writer **out, const char *where,
                                          const struct kwic_index_options *options,
                                          struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    return kw_publish(kw_writer_open(out, where, options, false, NULL, &inner), &inner, error);
}

void kwic_writer_free(struct kwic_writer *writer)
{
    if (!writer)
        return;
    kw_html_free(writer->html);
    kw_ledger_release(&writer->ledger);
    if (writer->engine)
        writer->engine->ops->free(writer->engine);
    free(writer->inside);
    free(writer->where);
    free(writer);
}

enum kwic_status kwic_writer_index(struct kwic_index **out, const struct kwic_writer *writer,
                                   struct kwic_error *error)
{
    const char *where = writer->where;
    return kwic_index_new(out, &where, 1, error);
}

void kwic_writer_summary(const struct kwic_writer *writer, struct kwic_summary *summary)
{
    *summary = writer->summary;
    summary->words = writer->engine->ops->words(writer->engine);
}

/* ---- Calls -------------------------------------------------------------------------------- */

enum kwic_status kw_writer_finish(struct kwic_writer *writer, enum kw_status status,
                                  const struct kw_error *inner, struct kwic_error *error)
{
    bool breaks = status == KW_E_IO || status == KW_E_MEMORY || status == KW_E_DAMAGED;
    if (breaks && writer->failure.status == KW_OK)
        writer->failure = *inner;
    return kw_publish(status, inner, error);
}

enum kwic_status kwic_writer_add_path(struct kwic_writer *writer, const char *path,
                                      struct kwic_error *error)
{
    struct kw_error inner = writer->failure;
    enum kw_status status = inner.status;
    if (status == KW_OK)
        status = kw_add_path(writer, path, &inner);
    return kw_writer_finish(writer, status, &inner, error);
}

enum kwic_status kwic_writer_refresh(struct kwic_writer *writer, struct kwic_error *error)
{
    struct kw_error inner = writer->failure;
    enum kw_status status = inner.status;
    if (status == KW_OK)
        status = kw_refresh(writer, &inner);
    return kw_writer_finish(writer, status, &inner, error);
}

enum kwic_status kwic_writer_add_stream(struct kwic_writer *writer, int fd, const char *name,
                                        struct kwic_error *error)
{
    struct kw_error inner = writer->failure;
    enum kw_status status = inner.status;
    struct kw_visit visit = {.path = name, .name = kw_view_of(name), .named = true};
    if (status == KW_OK && !*name)
        status = kw_fail(&inner, KW_E_USAGE, "a stream needs a name");
    if (status == KW_OK)
        status = kw_reading_options(&visit.source, &writer->options, &inner);
    if (status == KW_OK)
        status = kw_visit_stream(writer, fd, &visit, &inner);
    return kw_writer_finish(writer, status, &inner, error);
}

/* Notes that a document was deleted by hand: a refresh leaves it out, and its file is read again
 * when it is named. */
static enum kw_status note_gone(struct kwic_writer *writer, struct kw_view id,
                                const struct kw_owner *owner, struct kw_error *error)
{
    struct kw_known known;
    if (kw_path_is_stream(owner->path))
        return KW_OK;
    enum kw_status status = kw_ledger_set_gone(&writer->ledger, id, true, error);
    if (status != KW_OK || !owner->is_record)
        return status;
    status = kw_ledger_find(&writer->ledger, owner->path, &known, error);
    if (status != KW_OK)
        return status == KW_E_NOT_FOUND ? KW_OK : status;
    known.gone = true;
    return kw_ledger_set(&writer->ledger, owner->path, &known, error);
}

/* Deletes the live document with this id: KW_OK or KW_E_NOT_FOUND (nothing recorded in error). */
static enum kw_status delete_id(struct kwic_writer *writer, struct kw_view id,
                                struct kw_error *error)
{
    struct kw_owner owner;
    enum kw_status status = writer->engine->ops->owner(writer->engine, id, &owner, error);
    if (status == KW_OK)
        status = note_gone(writer, id, &owner, error);
    if (status == KW_OK)
        status = writer->engine->ops->remove(writer->engine, id, error);
    if (status == KW_OK)
        writer->summary.removed++;
    return status;
}

/* Deletes all documents of a file that holds some: KW_OK or KW_E_NOT_FOUND (nothing recorded in
 * error). */
static enum kw_status delete_file(struct kwic_writer *writer, struct kw_view name,
                                  struct kw_error *error)
{
    struct kw_known known;
    uint64_t count;
    enum kw_status status = kw_ledger_find(&writer->ledger, name, &known, error);
    if (status != KW_OK)
        return status;
    if (known.holds != KW_HOLDS_RECORDS && known.holds != KW_HOLDS_ARCHIVE)
        return KW_E_NOT_FOUND;
    status = writer->engine->ops->remove_path(writer->engine, name, &count, error);
    if (status != KW_OK || !count)
        return status == KW_OK ? KW_E_NOT_FOUND : status;
    known.gone = true;
    writer->summary.removed += count;
    status = kw_ledger_set(&writer->ledger, name, &known, error);
    return status == KW_OK ? kw_ledger_set_gone(&writer->ledger, name, true, error) : status;
}

static enum kw_status delete_document(struct kwic_writer *writer, struct kw_view name, bool id_only,
                                      struct kw_error *error)
{
    enum kw_status status = KW_E_NOT_FOUND;
    char *id = NULL;
    char *copy = kw_view_string(name);
    if (!copy)
        return kw_fail_memory(error);
    if (!id_only && name.size && strlen(copy) == name.size) {
        id = kw_path_name(writer->engine->ops->base(writer->engine), copy);
        status = id ? delete_id(writer, kw_view_of(id), error) : kw_fail_memory(error);
        if (status == KW_E_NOT_FOUND)
            status = delete_file(writer, kw_view_of(id), error);
    }
    if (status == KW_E_NOT_FOUND)
        status = delete_id(writer, name, error);
    if (status == KW_E_NOT_FOUND)
        kw_fail(error, KW_E_NOT_FOUND, "no document '%s' in the index", copy);
    free(id);
    free(copy);
    return status;
}

enum kwic_status kwic_writer_delete(struct kwic_writer *writer, struct kwic_text name, bool id_only,
                                    struct kwic_error *error)
{
    struct kw_error inner = writer->failure;
    enum kw_status status = inner.status;
    if (status == KW_OK)
        status = delete_document(writer, kw_view_of_text(name), id_only, &inner);
    return kw_writer_finish(writer, status, &inner, error);
}

enum kwic_status kwic_writer_commit(struct kwic_writer *writer, struct kwic_error *error)
{
    struct kw_error inner = writer->failure;
    enum kw_status status = inner.status;
    uint64_t before = writer->engine->ops->commit_number(writer->engine);
    if (status == KW_OK)
        status = kw_writer_commit(writer, &inner);
    if (status == KW_OK && writer->engine->ops->commit_number(writer->engine) != before)
        status = kw_writer_tidy(writer, &inner);
    return kw_writer_finish(writer, status, &inner, error);
}
