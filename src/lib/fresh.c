/* Compares the files behind documents with what the file of sources knows of them. */
#include "lib/fresh.h"

#include "lib/paths.h"
#include "lib/writer_sources.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static enum kwic_file compare(const struct kw_source_file *known, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return errno == ENOENT || errno == ENOTDIR ? KWIC_FILE_VANISHED : KWIC_FILE_UNKNOWN;
    if (!S_ISREG(info.st_mode))
        return KWIC_FILE_VANISHED;
    if (known->size == KW_UNFINISHED)
        return KWIC_FILE_UNKNOWN;
    bool same = known->size == (uint64_t)info.st_size && known->mtime == kw_file_mtime(&info) &&
                known->inode == info.st_ino;
    return same ? KWIC_FILE_SAME : KWIC_FILE_CHANGED;
}

enum kw_status kw_file_compare(const char *base, const struct kw_source_file *known,
                               enum kwic_file *file, struct kw_error *error)
{
    char *name = kw_view_string(known->path);
    char *path = name ? kw_path_join(base, name) : NULL;
    enum kw_status status = path ? KW_OK : kw_fail_memory(error);
    if (path)
        *file = compare(known, path);
    free(path);
    free(name);
    return status;
}

enum kw_status kw_file_find(const struct kw_member *member, struct kw_view path,
                            enum kwic_file *file, struct kw_error *error)
{
    struct kw_sources *sources;
    struct kw_source_file known;
    *file = KWIC_FILE_UNKNOWN;
    if (!path.size || kw_path_is_stream(path))
        return KW_OK;
    enum kw_status status = member->engine->ops->sources(member->engine, &sources, error);
    if (status != KW_OK || !sources)
        return status;
    status = kw_sources_find(sources, path, &known, error);
    if (status == KW_E_NOT_FOUND)
        return KW_OK;
    return status == KW_OK ? kw_file_compare(member->base, &known, file, error) : status;
}

/* ---- Of results --------------------------------------------------------------------------- */

static enum kw_status look(const struct kwic_results *results, const struct kw_hit *hit,
                           enum kwic_file *file, struct kw_error *error)
{
    const struct kw_member *member = &results->index->members[hit->engine];
    struct kw_record record;
    enum kw_status status =
        member->engine->ops->record(member->engine, hit->document, &record, error);
    return status == KW_OK ? kw_file_find(member, record.path, file, error) : status;
}

enum kw_status kw_results_verify(struct kwic_results *results, size_t wanted,
                                 struct kw_error *error)
{
    struct kw_top *top = &results->top;
    bool only = results->options.fresh == KWIC_FRESH_ONLY;
    size_t kept = 0;
    enum kw_status status = KW_OK;
    free(results->files);
    results->files = calloc(top->count + 1, sizeof *results->files);
    if (!results->files)
        return kw_fail_memory(error);
    for (size_t i = only ? 0 : results->next; i < top->count && kept < wanted && status == KW_OK;
         i++) {
        enum kwic_file file = KWIC_FILE_UNKNOWN;
        status = look(results, &top->hits[i], &file, error);
        if (only && file != KWIC_FILE_SAME)
            continue;
        size_t place = only ? kept++ : i;
        top->hits[place] = top->hits[i];
        results->files[place] = file;
    }
    if (only)
        top->count = kept;
    return status;
}
