/* Indexes one file or stream: whether it changed, its documents, and what is noted of it. */
#include "ingest/warn.h"
#include "lib/paths.h"
#include "lib/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum {
    PROGRESS_NS = 100 * 1000 * 1000, /* between two reports */
    TICK_NS = 20 * 1000 * 1000,      /* more than the coarsest clock of a file system */
    COMMIT_SHARE = 16, /* a commit on the way once a sixteenth of the run's segments is new */
};

/* One run over a source's documents. */
struct reading {
    struct kwic_writer *writer;
    const struct kw_visit *visit;
    struct kw_view path;              /* what the documents are stored under */
    uint64_t serial;                  /* documents the writer had added before it */
    uint64_t bytes;                   /* of the input before it */
    uint64_t size;                    /* its own; 0: not known */
    uint64_t deleted;                 /* documents deleted to be read again … */
    uint64_t returned;                /* … and those that came back */
    const struct kw_file_facts *file; /* of a document that is the file; NULL: it is none */
    struct kw_source *source;
    bool gone;
    bool conflict;
};

static int64_t now(clockid_t clock)
{
    struct timespec time = {0, 0};
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void tell_progress(struct kwic_writer *writer, const char *path)
{
    if (!writer->options.progress)
        return;
    int64_t time = now(CLOCK_MONOTONIC);
    if (time - writer->progress_at < PROGRESS_NS)
        return;
    struct kwic_progress progress = {
        .documents = writer->summary.added + writer->summary.replaced,
        .bytes = writer->summary.bytes,
        .path = path,
        .segments = writer->segments + writer->engine->ops->closed(writer->engine),
    };
    writer->progress_at = time;
    writer->options.progress(writer->options.context, &progress);
}

/* ---- Documents ---------------------------------------------------------------------------- */

/* Warns of an id that stood in the same source before. */
static void warn_twice(const struct reading *reading, const struct kw_document *document)
{
    kw_skip(reading->writer, "'%s' line %llu: the id '%.*s' was there before", reading->visit->path,
            (unsigned long long)document->line, (int)document->id.size,
            (const char *)document->id.data);
}

/* Warns of an id that belongs to `owner`. */
static void warn_conflict(const struct reading *reading, const struct kw_document *document,
                          struct kw_view owner)
{
    size_t mark = kw_path_is_stream(owner) ? 1 : 0;
    kw_skip(reading->writer, "id '%.*s' of '%s' is already in '%.*s'; --replace takes it over",
            (int)document->id.size, (const char *)document->id.data, reading->visit->path,
            (int)(owner.size - mark), (const char *)owner.data + mark);
}

/* Whether the document may be indexed under its id. One that may not is warned of, but for those
 * that were deleted by hand. */
static enum kw_status may_index(struct reading *reading, const struct kw_document *document,
                                bool *may, bool *owned, struct kw_error *error)
{
    struct kwic_writer *writer = reading->writer;
    struct kw_owner owner;
    enum kw_status status = writer->engine->ops->owner(writer->engine, document->id, &owner, error);
    *owned = status == KW_OK;
    *may = true;
    if (status != KW_OK && status != KW_E_NOT_FOUND)
        return status;
    bool gone = kw_ledger_is_gone(&writer->ledger, document->id);
    if (*owned) {
        bool same = kw_view_equal(owner.path, reading->path);
        bool member = !document->line && kw_source_is_archive(reading->source);
        if (same && member) {
            *may = true; /* of members with one path the last counts, as when they are unpacked */
        } else if (same && owner.serial > reading->serial) {
            warn_twice(reading, document);
            *may = false;
        } else if (!same && !writer->options.replace) {
            warn_conflict(reading, document, owner.path);
            reading->conflict = true;
            *may = false;
        }
    } else if (gone && reading->visit->refresh) {
        reading->gone = true;
        *may = false;
    }
    if (*may && gone)
        return kw_ledger_set_gone(&writer->ledger, document->id, false, error);
    return KW_OK;
}

/* As many bytes of a text as a message shows, cut at a character. */
static int shown_size(struct kw_view text)
{
    size_t size = text.size < 100 ? text.size : 100;
    while (size && size < text.size && (text.data[size] & 0xC0) == 0x80)
        size--;
    return (int)size;
}

/* Counts the values that do not fit their field's type; warns of the first of each field. */
static void count_misfits(const struct reading *reading, const struct kw_document *document,
                          const struct kw_added *added)
{
    struct kwic_writer *writer = reading->writer;
    char place[32] = "";
    if (document->line)
        snprintf(place, sizeof place, " line %llu", (unsigned long long)document->line);
    for (size_t i = 0; i < added->misfit_count; i++) {
        const struct kw_misfit *misfit = &added->misfits[i];
        struct kw_view name = misfit->field->name;
        struct kw_view value = misfit->field->value;
        int name_size = shown_size(name);
        int value_size = shown_size(value);
        if (!misfit->type) {
            kw_warn(writer->options.warn, writer->options.context,
                    "'%s'%s: the field '%.*s' and further new ones are only stored: the index has "
                    "%d already",
                    reading->visit->path, place, name_size, (const char *)name.data,
                    KW_TYPED_FIELDS);
            continue;
        }
        writer->summary.misfits++;
        writer->summary.misfits_asked += misfit->asked;
        if (misfit->first)
            kw_warn(writer->options.warn, writer->options.context,
                    "'%s'%s: '%.*s' in the field '%.*s' is no %s: such values are only stored",
                    reading->visit->path, place, value_size, (const char *)value.data, name_size,
                    (const char *)name.data, kw_type_name(misfit->type));
    }
}

static enum kw_status index_document(struct reading *reading, struct kw_document *document,
                                     struct kw_error *error)
{
    struct kwic_writer *writer = reading->writer;
    struct kwic_summary *summary = &writer->summary;
    struct kw_added added;
    bool may;
    bool owned;
    document->path = reading->path;
    if (!document->line && !document->file && kw_view_equal(document->id, reading->path))
        document->file = reading->file;
    uint64_t consumed = kw_source_consumed(reading->source);
    summary->bytes = consumed ? reading->bytes + consumed : summary->bytes + document->text.size;
    if (reading->size && summary->bytes > reading->bytes + reading->size)
        summary->bytes = reading->bytes + reading->size;
    tell_progress(writer, reading->visit->path);
    enum kw_status status = may_index(reading, document, &may, &owned, error);
    if (status == KW_OK && may)
        status = writer->engine->ops->add(writer->engine, document, &added, error);
    if (status != KW_OK && may)
        writer->failure = *error; /* the segment at hand is lost, whatever the cause */
    if (status != KW_OK || !may)
        return status;
    if (added.refused) {
        kw_skip(writer, "cannot index '%.*s': %s",
                document->id.size < 500 ? (int)document->id.size : 500,
                (const char *)document->id.data, added.refused);
        return KW_OK;
    }
    summary->added += !added.existed;
    summary->replaced += added.existed;
    reading->returned += added.existed && !owned;
    summary->repaired += document->repaired;
    count_misfits(reading, document, &added);
    return KW_OK;
}

static enum kw_holds holds_of(const struct kw_source *source)
{
    return kw_source_is_archive(source)   ? KW_HOLDS_ARCHIVE
           : kw_source_is_records(source) ? KW_HOLDS_RECORDS
                                          : KW_HOLDS_DOCUMENT;
}

/* Prepares the index for a file's documents, once the first is at hand or it has none: those it had
 * before go, and until it is read to its end it counts as changed. */
static enum kw_status begin_documents(struct reading *reading, struct kw_error *error)
{
    struct kwic_writer *writer = reading->writer;
    enum kw_holds holds = holds_of(reading->source);
    struct kw_known known;
    enum kw_status status = kw_ledger_find(&writer->ledger, reading->path, &known, error);
    if (status == KW_OK && (holds != KW_HOLDS_DOCUMENT || known.holds == KW_HOLDS_RECORDS ||
                            known.holds == KW_HOLDS_ARCHIVE))
        status = writer->engine->ops->remove_path(writer->engine, reading->path, &reading->deleted,
                                                  error);
    if (status != KW_OK && status != KW_E_NOT_FOUND)
        return status;
    known = (struct kw_known){.size = KW_UNFINISHED, .holds = holds};
    status = kw_ledger_set(&writer->ledger, reading->path, &known, error);
    if (status == KW_OK && !reading->visit->refresh) /* the whole file may have been deleted */
        status = kw_ledger_set_gone(&writer->ledger, reading->path, false, error);
    return status;
}

/* Counts the members that are not text; if a file that was named has nothing else, it is warned of.
 */
static void count_members(struct reading *reading, uint64_t documents)
{
    struct kwic_writer *writer = reading->writer;
    uint64_t count = kw_source_not_text(reading->source);
    if (count && !documents && reading->visit->named)
        kw_skip(writer, "'%s' holds no text", reading->visit->path);
    else
        writer->summary.not_text += count;
}

/* Indexes all documents of the source. *whole: it was read to its end. */
static enum kw_status index_documents(struct reading *reading, bool is_file, bool *whole,
                                      struct kw_error *error)
{
    struct kwic_writer *writer = reading->writer;
    struct kw_source *source = reading->source;
    uint64_t documents = 0;
    bool begun = !is_file;
    enum kw_status status;
    *whole = false;
    for (;;) {
        struct kw_document document;
        status = kw_check_stop(writer, error);
        if (status == KW_OK)
            status = kw_source_next(source, &document, error);
        if (status == KW_E_INPUT || status == KW_E_IO) {
            kw_skip(writer, "%s", error->message);
            status = KW_OK;
            break;
        }
        bool ended = status == KW_END;
        if ((status == KW_OK || ended) && !begun) {
            enum kw_status first = begin_documents(reading, error);
            status = first == KW_OK ? status : first;
            begun = true;
        }
        documents += status == KW_OK;
        if (status == KW_OK)
            status = index_document(reading, &document, error);
        *whole = status == KW_END && ended;
        if (status != KW_OK)
            break;
    }
    writer->summary.skipped += kw_source_skipped(source);
    count_members(reading, documents);
    if (reading->deleted > reading->returned)
        writer->summary.removed += reading->deleted - reading->returned;
    return status == KW_END ? KW_OK : status;
}

/* ---- Files -------------------------------------------------------------------------------- */

/* Looks a file up. One that was written a moment ago could be written again without a sign of it in
 * its times, so the clock is let pass it first. */
static bool look_up(const char *path, struct stat *info)
{
    if (stat(path, info) != 0)
        return false;
    uint64_t age = (uint64_t)now(CLOCK_REALTIME) - (uint64_t)kw_file_mtime(info);
    if (!S_ISREG(info->st_mode) || age >= TICK_NS) /* a time to come wraps around */
        return true;
    struct timespec rest = {0, (long)(TICK_NS - age)};
    nanosleep(&rest, NULL);
    return stat(path, info) == 0;
}

/* Whether archives that a visit comes to are to be opened. */
static bool opens_archives(const struct kw_visit *visit)
{
    return visit->named || visit->source.archives;
}

/* Whether a file need not be read: it is as it was, and so is what is wanted of it. */
static bool is_current(struct kwic_writer *writer, const struct kw_visit *visit,
                       const struct kw_known *known, const struct stat *info)
{
    bool wanted =
        visit->refresh || (!known->gone && !kw_ledger_is_gone(&writer->ledger, visit->name));
    if (known->holds == KW_HOLDS_NOTHING && known->gone)
        wanted = !opens_archives(visit);
    return known->size == (uint64_t)info->st_size && known->mtime == kw_file_mtime(info) &&
           known->inode == info->st_ino && known->reading == visit->reading &&
           visit->reading != KW_READING_UNKNOWN && !known->conflict && wanted;
}

/* Counts a file that is not text, with a warning if it was named. */
static void count_not_text(struct kwic_writer *writer, const struct kw_visit *visit)
{
    if (visit->named)
        kw_skip(writer, "'%s' is not a text file", visit->path);
    else
        writer->summary.not_text++;
}

enum kw_status kw_remove_file(struct kwic_writer *writer, struct kw_view name,
                              struct kw_error *error)
{
    uint64_t count;
    enum kw_status status = writer->engine->ops->remove_path(writer->engine, name, &count, error);
    if (status == KW_OK)
        status = kw_ledger_drop(&writer->ledger, name, error);
    if (status == KW_OK)
        status = kw_ledger_set_gone(&writer->ledger, name, false, error);
    if (status == KW_OK)
        writer->summary.removed += count;
    return status;
}

static enum kw_status note_file(const struct reading *reading, const struct stat *info,
                                enum kw_holds holds, struct kw_error *error)
{
    struct kw_known known = {
        .size = (uint64_t)info->st_size,
        .mtime = kw_file_mtime(info),
        .inode = info->st_ino,
        .holds = holds,
        .gone = reading->gone,
        .conflict = reading->conflict,
        .reading = reading->visit->reading,
    };
    return kw_ledger_set(&reading->writer->ledger, reading->path, &known, error);
}

/* Commits on the way, at the end of a file, once enough segments are new: so an interrupted run
 * resumes. When it happens depends on the input alone, and so do the segments. */
static enum kw_status commit_on_the_way(struct kwic_writer *writer, struct kw_error *error)
{
    if (writer->rescue ||
        writer->engine->ops->closed(writer->engine) < 1 + writer->segments / COMMIT_SHARE)
        return KW_OK;
    return kw_writer_commit(writer, error);
}

/* How to read a source: as the visit says, with what the writer's sources share. */
static struct kw_source_options source_options(const struct kwic_writer *writer,
                                               const struct kw_visit *visit)
{
    struct kw_source_options options = visit->source;
    options.helpers = kw_helpers();
    options.html = writer->html;
    options.warn = writer->options.warn;
    options.context = writer->options.context;
    return options;
}

/* Reads a file that is there and has changed. */
static enum kw_status read_file(struct kwic_writer *writer, const struct kw_visit *visit,
                                const struct stat *info, const struct kw_known *known,
                                struct kw_error *error)
{
    bool whole;
    struct kw_file_facts facts = {(uint64_t)info->st_size, (int64_t)info->st_mtim.tv_sec};
    struct reading reading = {
        .writer = writer,
        .visit = visit,
        .path = visit->name,
        .serial = writer->engine->ops->added(writer->engine),
        .bytes = writer->summary.bytes,
        .size = (uint64_t)info->st_size,
        .file = &facts,
    };
    struct kw_source_options options = source_options(writer, visit);
    /* An archive that was named once is kept up to date by walks too. */
    options.archives = opens_archives(visit) || (known && known->holds == KW_HOLDS_ARCHIVE);
    tell_progress(writer, visit->path);
    writer->files_read++;
    enum kw_status status = kw_source_new(&reading.source, visit->path,
                                          (const char *)visit->name.data, &options, error);
    if (status == KW_E_INPUT) {
        count_not_text(writer, visit);
        reading.gone = !options.archives;
        status = known ? kw_remove_file(writer, visit->name, error) : KW_OK;
        return status == KW_OK ? note_file(&reading, info, KW_HOLDS_NOTHING, error) : status;
    }
    if (status == KW_E_IO || status == KW_E_NOT_FOUND) {
        kw_skip(writer, "%s", error->message);
        return KW_OK;
    }
    if (status != KW_OK)
        return status;
    status = index_documents(&reading, true, &whole, error);
    if (status == KW_OK && whole)
        status = note_file(&reading, info, holds_of(reading.source), error);
    kw_source_free(reading.source);
    if (status != KW_OK)
        return status;
    writer->summary.bytes = reading.bytes + reading.size;
    return commit_on_the_way(writer, error);
}

enum kw_status kw_visit_file(struct kwic_writer *writer, const struct kw_visit *visit,
                             struct kw_error *error)
{
    struct stat info;
    struct kw_known known;
    char cause[128];
    enum kw_status status = kw_check_stop(writer, error);
    if (status != KW_OK)
        return status;
    if (visit->refresh && kw_ledger_is_gone(&writer->ledger, visit->name))
        return KW_OK;
    if (!look_up(visit->path, &info)) {
        if (visit->named || (errno != ENOENT && errno != ENOTDIR))
            kw_skip(writer, "cannot read '%s': %s", visit->path,
                    strerror_r(errno, cause, sizeof cause));
        return KW_OK; /* what a walk met and is gone by now is nothing to speak of */
    }
    if (!S_ISREG(info.st_mode)) {
        kw_skip(writer, "cannot read '%s': not a regular file", visit->path);
        return KW_OK;
    }
    status = kw_ledger_find(&writer->ledger, visit->name, &known, error);
    if (status != KW_OK && status != KW_E_NOT_FOUND)
        return status;
    bool was_known = status == KW_OK;
    if (!was_known || !is_current(writer, visit, &known, &info))
        return read_file(writer, visit, &info, was_known ? &known : NULL, error);
    if (known.holds == KW_HOLDS_NOTHING)
        count_not_text(writer, visit);
    else
        writer->summary.unchanged++;
    return KW_OK;
}

enum kw_status kw_visit_stream(struct kwic_writer *writer, int fd, const struct kw_visit *visit,
                               struct kw_error *error)
{
    bool whole;
    char *path = kw_path_join("/", visit->path);
    if (!path)
        return kw_fail_memory(error);
    struct reading reading = {
        .writer = writer,
        .visit = visit,
        .path = kw_view_of(path),
        .serial = writer->engine->ops->added(writer->engine),
        .bytes = writer->summary.bytes,
    };
    struct kw_source_options options = source_options(writer, visit);
    enum kw_status status = kw_source_new_stream(&reading.source, fd, visit->path, &options, error);
    if (status == KW_E_INPUT || status == KW_E_IO) {
        kw_skip(writer, "%s", error->message);
        status = KW_OK;
    } else if (status == KW_OK) {
        status = index_documents(&reading, false, &whole, error);
    }
    kw_source_free(reading.source);
    free(path);
    return status;
}
