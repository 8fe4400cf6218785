/* The check of a whole index: every page of every file, then the parts of each segment. */
#include "index/check.h"

#include "index/check_segment.h"
#include "index/deletes.h"
#include "index/sources.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool kw_check_report(struct kw_checker *checker, const char *path, const char *section,
                     const char *format, ...)
{
    struct kw_bytes line = KW_BYTES_INIT;
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    checker->problems++;
    kw_bytes_format(&line, "'%s' (%s): %s", path, section, what);
    kw_bytes_append_byte(&line, 0);
    if (checker->report && checker->problems <= KW_CHECK_PROBLEMS)
        checker->report(checker->context, line.failed ? what : (const char *)line.data);
    kw_bytes_release(&line);
    return false;
}

bool kw_check_pages_status(struct kw_checker *checker, const struct kw_pages *pages)
{
    struct kw_error error = KW_ERROR_INIT;
    if (!kw_pages_status(pages, &error))
        return true;
    uint64_t at = atomic_load(&pages->damaged_at);
    return kw_check_report(checker, pages->path, kw_pages_place(pages, at - (at > 0)),
                           "offset %" PRIu64 ": %s", at - (at > 0), atomic_load(&pages->damage));
}

/* Verifies every page of the file against its checksum and names each that does not hold. */
static bool check_pages(struct kw_checker *checker, struct kw_pages *pages)
{
    bool sound = true;
    uint64_t all = pages->map.view.size / KW_PAGE;
    kw_map_expect(&pages->map, true);
    for (uint64_t page = 0; page < all && checker->problems < KW_CHECK_PROBLEMS; page++) {
        uint64_t at = page * KW_PAGE;
        bool holds = page < pages->page_count ? kw_pages_verify(pages, at, 1)
                                              : kw_pages_verify_table(pages, page);
        if (!holds)
            sound = kw_check_report(checker, pages->path, kw_pages_place(pages, at),
                                    "offset %" PRIu64 ": wrong checksum", at);
    }
    return sound;
}

/* Reports what reading the segment and its deletes met, if anything. */
static bool structures_hold(struct kw_checker *checker, const struct kw_segment *segment)
{
    bool holds = kw_check_pages_status(checker, &segment->pages);
    return (!segment->deletes || kw_check_pages_status(checker, &segment->deletes->pages)) && holds;
}

/* What follows damage would only say it again, and is left out. */
enum kw_status kw_check_segment(struct kw_checker *checker, struct kw_segment *segment,
                                struct kw_error *error)
{
    bool sound = check_pages(checker, &segment->pages);
    if (segment->deletes)
        sound = check_pages(checker, &segment->deletes->pages) && sound;
    if (!sound)
        return KW_OK;
    enum kw_status status = kw_check_documents(checker, segment, error);
    if (status || !structures_hold(checker, segment))
        return status;
    status = kw_check_terms(checker, segment, error);
    if (!status && kw_segment_status(segment, NULL) == KW_OK)
        status = kw_check_pairs(checker, segment, error);
    if (!status)
        status = kw_check_columns(checker, segment, error);
    structures_hold(checker, segment);
    return status;
}

static void check_rows(struct kw_checker *checker, struct kw_sources *sources)
{
    struct kw_view before = {NULL, 0};
    for (uint64_t i = 0; i < kw_sources_files(sources); i++) {
        struct kw_source_file file;
        if (kw_sources_file(sources, i, &file, NULL))
            break;
        if (i && kw_view_compare(before, file.path) >= 0)
            kw_check_report(checker, sources->pages.path, "files",
                            "row %" PRIu64 " is out of order", i);
        before = file.path;
    }
    kw_check_pages_status(checker, &sources->pages);
}

enum kw_status kw_check_sources(struct kw_checker *checker, const char *path,
                                struct kw_error *error)
{
    struct kw_sources sources;
    struct kw_error cause = KW_ERROR_INIT;
    enum kw_status status = kw_sources_init(&sources, path, &cause);
    if (status == KW_E_MEMORY)
        return kw_fail_memory(error);
    if (status) {
        kw_check_report(checker, path, "file", "%s", cause.message);
        return KW_OK;
    }
    if (check_pages(checker, &sources.pages))
        check_rows(checker, &sources);
    kw_sources_release(&sources);
    return KW_OK;
}

enum kw_status kw_check(const char *folder, void (*report)(void *context, const char *problem),
                        void *context, struct kw_error *error)
{
    struct kw_checker checker = {report, context, 0, false};
    struct kw_snapshot *snapshot;
    char *sources = NULL;
    enum kw_status status = kw_snapshot_new(&snapshot, folder, error);
    if (status == KW_E_DAMAGED && report && error)
        report(context, error->message);
    if (status)
        return status;
    if (snapshot->manifest.sources) {
        sources = kw_index_file(snapshot->folder, "sources", snapshot->manifest.sources);
        status = sources ? kw_check_sources(&checker, sources, error) : kw_fail_memory(error);
    }
    for (uint32_t i = 0; i < snapshot->manifest.segment_count && !status; i++)
        if (checker.problems < KW_CHECK_PROBLEMS)
            status = kw_check_segment(&checker, snapshot->segments[i], error);
    if (!status && checker.problems)
        status = kw_fail(error, KW_E_DAMAGED, "index '%s' is damaged: %" PRIu64 " problem%s",
                         folder, checker.problems, checker.problems == 1 ? "" : "s");
    if (status == KW_E_DAMAGED)
        kw_hint(error, "'kwic repair' mends what it can, and says what is lost");
    free(sources);
    kw_snapshot_free(snapshot);
    return status;
}
