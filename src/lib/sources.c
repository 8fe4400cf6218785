/* What an index knows of the files that it was made of. */
#include "lib/fresh.h"
#include "lib/paths.h"
#include "lib/status.h"
#include "lib/writer_sources.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Reads what all members know of their files, which they keep from then on. */
static enum kw_status read_sources(struct kwic_index *index, struct kw_error *error)
{
    enum kw_status status;
    unsigned tries = 0;
    do {
        status = KW_OK;
        for (size_t i = 0; i < index->count && status == KW_OK; i++) {
            struct kw_engine *engine = index->members[i].engine;
            struct kw_sources *sources;
            status = engine->ops->sources(engine, &sources, error);
        }
    } while (kw_index_again(index, &tries, &status, error));
    return status;
}

/* ---- Roots -------------------------------------------------------------------------------- */

/* Hands out the roots of one member; `here` is the working directory, NULL: there is none. */
static enum kw_status take_roots(const struct kw_member *member, const char *here,
                                 void (*take)(void *context, const struct kwic_root *root),
                                 void *context, struct kw_error *error)
{
    struct kw_sources *sources;
    struct kw_ledger ledger;
    enum kw_status status = member->engine->ops->sources(member->engine, &sources, error);
    if (status == KW_OK)
        status = kw_ledger_init(&ledger, sources, error);
    if (status != KW_OK)
        return status;
    for (size_t i = 0; i < ledger.root_codes.count && status == KW_OK; i++) {
        if (!ledger.root_codes.items[i].size)
            continue;
        char *path = kw_path_shown_in(here, member->base, kw_names_get(&ledger.roots, (uint32_t)i));
        status = path ? KW_OK : kw_fail_memory(error);
        if (path)
            take(context, &(struct kwic_root){KWIC_TEXT(path), ledger.walked.items[i]});
        free(path);
    }
    kw_ledger_release(&ledger);
    return status;
}

enum kwic_status kwic_index_roots(struct kwic_index *index,
                                  void (*take)(void *context, const struct kwic_root *root),
                                  void *context, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    char *here = getcwd(NULL, 0);
    enum kw_status status = read_sources(index, &inner);
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = take_roots(&index->members[i], here, take, context, &inner);
    free(here);
    return kw_publish(status, &inner, error);
}

/* ---- Files -------------------------------------------------------------------------------- */

/* A comparison of files. */
struct comparison {
    void (*report)(void *context, const struct kwic_source *source);
    void *context;
    char *here; /* the working directory; NULL: there is none */
    uint64_t files;
};

static enum kw_status compare_file(struct comparison *comparison, const struct kw_member *member,
                                   const struct kw_source_file *known, struct kw_error *error)
{
    struct kwic_source source = {.file = KWIC_FILE_UNKNOWN};
    char *path = kw_path_shown_in(comparison->here, member->base, known->path);
    enum kw_status status =
        path ? kw_file_compare(member->base, known, &source.file, error) : kw_fail_memory(error);
    if (status == KW_OK) {
        source.path = KWIC_TEXT(path);
        source.unreadable =
            source.file != KWIC_FILE_VANISHED && faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0;
        comparison->files++;
        if (comparison->report && (source.file != KWIC_FILE_SAME || source.unreadable))
            comparison->report(comparison->context, &source);
    }
    free(path);
    return status;
}

static enum kw_status compare_member(struct comparison *comparison, const struct kw_member *member,
                                     struct kw_error *error)
{
    struct kw_sources *sources;
    enum kw_status status = member->engine->ops->sources(member->engine, &sources, error);
    uint64_t count = status == KW_OK && sources ? kw_sources_files(sources) : 0;
    for (uint64_t i = 0; i < count && status == KW_OK; i++) {
        struct kw_source_file known;
        status = kw_sources_file(sources, i, &known, error);
        if (status == KW_OK)
            status = compare_file(comparison, member, &known, error);
    }
    return status;
}

enum kwic_status kwic_index_sources(struct kwic_index *index,
                                    void (*report)(void *context, const struct kwic_source *source),
                                    void *context, uint64_t *files, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    struct comparison comparison = {report, context, getcwd(NULL, 0), 0};
    enum kw_status status = read_sources(index, &inner);
    for (size_t i = 0; i < index->count && status == KW_OK; i++)
        status = compare_member(&comparison, &index->members[i], &inner);
    if (files)
        *files = comparison.files;
    free(comparison.here);
    return kw_publish(status, &inner, error);
}
