/* Finds the files to index: paths given, the folders below them, and the roots of earlier runs. */
#include "ingest/ahead.h"
#include "lib/paths.h"
#include "lib/writer.h"
#include "lib/writer_roots.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { READERS = 4 }; /* threads that read ahead of a walk */

/* One root being visited. */
struct tour {
    struct kwic_writer *writer;
    const char *path; /* to open it */
    struct kw_view name;
    struct kw_walk_options walk;
    struct kw_visit visit;    /* the pattern of all visits */
    struct kw_names *visited; /* names of files that were visited before; NULL: not kept */
};

/* Whether a name lies in the index folder, which is never indexed. */
static bool is_inside(const struct kwic_writer *writer, struct kw_view name)
{
    return writer->inside && kw_path_below(name, kw_view_of(writer->inside));
}

static enum kw_status visit_file(struct tour *tour, const char *path, struct kw_view name,
                                 bool named, struct kw_error *error)
{
    struct kw_visit visit = tour->visit;
    visit.path = path;
    visit.name = name;
    visit.named = named;
    if (is_inside(tour->writer, name))
        return KW_OK;
    if (tour->visited) {
        size_t before = tour->visited->count;
        if (kw_names_add(tour->visited, name) == KW_NO_NAME)
            return kw_fail_memory(error);
        if (tour->visited->count == before)
            return KW_OK;
    }
    return kw_visit_file(tour->writer, &visit, error);
}

/* Makes *name that of a file met on the walk, `rest` below the root. */
static enum kw_status name_file(const struct tour *tour, const char *rest, struct kw_bytes *name,
                                struct kw_error *error)
{
    kw_bytes_clear(name);
    if (tour->name.data[0] == '.' && tour->name.size > 1 && tour->name.data[1] == '.') {
        /* The base directory may lie below the root: then ".." has to go. */
        const char *base = tour->writer->engine->ops->base(tour->writer->engine);
        char *root = kw_path_from(base, (const char *)tour->name.data);
        char *path = root ? kw_path_join(root, rest) : NULL;
        char *relative = path ? kw_path_relative(base, path) : NULL;
        if (relative)
            kw_bytes_append(name, relative, strlen(relative) + 1);
        free(relative);
        free(path);
        free(root);
        if (!name->size)
            return kw_fail_memory(error);
    } else {
        if (!kw_view_equal(tour->name, kw_view_of("."))) {
            kw_bytes_append_view(name, tour->name);
            kw_bytes_append_byte(name, '/');
        }
        kw_bytes_append(name, rest, strlen(rest) + 1);
    }
    return kw_bytes_status(name, error);
}

/* Visits the files of a folder. */
static enum kw_status walk_folder(struct tour *tour, struct kw_error *error)
{
    struct kw_ahead *walk = NULL;
    struct kw_bytes name = KW_BYTES_INIT;
    size_t skip = strlen(tour->path);
    bool here = strcmp(tour->path, ".") == 0; /* paths need no "./" */
    enum kw_status status = kw_ahead_new(&walk, tour->path, &tour->walk, READERS, error);
    if (status == KW_E_IO || status == KW_E_NOT_FOUND) {
        kw_skip(tour->writer, "%s", error->message);
        return KW_OK;
    }
    while (status == KW_OK) {
        const char *path;
        uint64_t before = tour->writer->files_read;
        status = kw_ahead_next(walk, &path, error);
        if (status != KW_OK)
            break;
        const char *rest = path + skip;
        rest += strspn(rest, "/");
        status = name_file(tour, rest, &name, error);
        if (status == KW_OK)
            status = visit_file(tour, here ? rest : path,
                                (struct kw_view){name.data, name.size - 1}, false, error);
        kw_ahead_tell(walk, tour->writer->files_read != before);
    }
    if (walk)
        tour->writer->summary.skipped += kw_ahead_unreadable(walk);
    kw_ahead_free(walk);
    kw_bytes_release(&name);
    return status == KW_END ? KW_OK : status;
}

/* Whether a file of the index is no longer there. What cannot be looked at may be. */
static bool has_vanished(const char *base, struct kw_view name)
{
    struct stat info;
    char *copy = kw_view_string(name);
    char *path = copy ? kw_path_join(base, copy) : NULL;
    bool vanished = false;
    if (path)
        vanished =
            stat(path, &info) == 0 ? !S_ISREG(info.st_mode) : errno == ENOENT || errno == ENOTDIR;
    free(path);
    free(copy);
    return vanished;
}

/* Removes the documents of all files at or below `root` that vanished. */
static enum kw_status prune(struct kwic_writer *writer, struct kw_view root, struct kw_error *error)
{
    struct kw_source_file *files;
    size_t count;
    enum kw_status status = kw_ledger_files(&writer->ledger, &files, &count, error);
    for (size_t i = 0; i < count && status == KW_OK; i++) {
        status = kw_check_stop(writer, error);
        if (status == KW_OK && kw_path_below(files[i].path, root) &&
            has_vanished(writer->engine->ops->base(writer->engine), files[i].path))
            status = kw_remove_file(writer, files[i].path, error);
    }
    free(files);
    return status;
}

/* Visits the root of a tour, file or folder. One that vanished is forgotten if that is asked for.
 */
static enum kw_status visit_root(struct tour *tour, struct kw_error *error)
{
    struct kwic_writer *writer = tour->writer;
    struct stat info;
    char cause[128];
    enum kw_status status = KW_OK;
    uint64_t removed = writer->summary.removed;
    time_t begun = time(NULL);
    int number = stat(tour->path, &info) == 0 ? 0 : errno;
    bool vanished = number == ENOENT || number == ENOTDIR;
    /* Below what was a file at its last visit and is one now there is nothing to prune. */
    struct kw_known known;
    bool is_file = !number && S_ISREG(info.st_mode) &&
                   kw_ledger_find(&writer->ledger, tour->name, &known, error) == KW_OK;
    if (number && !(vanished && writer->options.prune)) {
        kw_skip(writer, "cannot read '%s': %s", tour->path,
                strerror_r(number, cause, sizeof cause));
        return KW_OK;
    }
    if (vanished)
        kw_ledger_forget_root(&writer->ledger, tour->name);
    else if (S_ISDIR(info.st_mode))
        status = walk_folder(tour, error);
    else
        status = visit_file(tour, tour->path, tour->name, true, error);
    if (status == KW_OK && writer->options.prune && !is_file)
        status = prune(writer, tour->name, error);
    if (status == KW_OK && !vanished)
        kw_ledger_set_walked(&writer->ledger, tour->name, (int64_t)begun);
    if (status == KW_OK && vanished && writer->summary.removed == removed) /* it never was there */
        kw_skip(writer, "cannot read '%s': %s", tour->path,
                strerror_r(number, cause, sizeof cause));
    return status;
}

/* ---- Paths given -------------------------------------------------------------------------- */

/* The number of the way the tour reads files; its code is appended to `code`. */
static enum kw_status number_reading(struct tour *tour, struct kw_bytes *code,
                                     struct kw_error *error)
{
    kw_reading_code(code, &tour->visit.source);
    enum kw_status status = kw_bytes_status(code, error);
    if (status == KW_OK)
        status = kw_ledger_reading(&tour->writer->ledger, kw_bytes_view(code), &tour->visit.reading,
                                   error);
    return status;
}

/* Remembers the root of a tour for later refreshes. */
static enum kw_status remember(struct tour *tour, struct kw_view reading, struct kw_error *error)
{
    struct kw_bytes code = KW_BYTES_INIT;
    struct kw_root root = {tour->name, reading, tour->walk, tour->visit.source.archives};
    kw_root_code(&code, &root);
    enum kw_status status = kw_bytes_status(&code, error);
    if (status == KW_OK)
        status = kw_ledger_set_root(&tour->writer->ledger, tour->name, kw_bytes_view(&code), error);
    kw_bytes_release(&code);
    return status;
}

enum kw_status kw_add_path(struct kwic_writer *writer, const char *path, struct kw_error *error)
{
    const struct kwic_index_options *options = &writer->options;
    struct kw_bytes reading = KW_BYTES_INIT;
    struct tour tour = {.writer = writer, .path = path};
    char *name = kw_path_name(writer->engine->ops->base(writer->engine), path);
    if (!name)
        return kw_fail_memory(error);
    tour.name = kw_view_of(name);
    tour.walk = (struct kw_walk_options){
        .hidden = options->hidden,
        .no_ignore = options->no_ignore,
        .include = (const char **)(uintptr_t)options->include,
        .exclude = (const char **)(uintptr_t)options->exclude,
        .warn = options->warn,
        .context = options->context,
    };
    enum kw_status status = kw_reading_options(&tour.visit.source, options, error);
    tour.visit.source.archives = options->archives;
    if (status == KW_OK && is_inside(writer, tour.name)) {
        kw_skip(writer, "'%s' is part of the index itself", path);
        goto done;
    }
    if (status == KW_OK)
        status = number_reading(&tour, &reading, error);
    /* First of all, so that a run that is interrupted can be taken up by a refresh. */
    if (status == KW_OK && access(path, F_OK) == 0)
        status = remember(&tour, kw_bytes_view(&reading), error);
    if (status == KW_OK)
        status = visit_root(&tour, error);
done:
    kw_bytes_release(&reading);
    free(name);
    return status;
}

/* ---- Refreshing --------------------------------------------------------------------------- */

/* Visits the root number `number` of the ledger again. */
static enum kw_status refresh_root(struct kwic_writer *writer, size_t number,
                                   struct kw_names *visited, struct kw_error *error)
{
    struct kw_ledger *ledger = &writer->ledger;
    struct kw_arena arena = KW_ARENA_INIT;
    struct kw_root root;
    struct tour tour = {.writer = writer, .visited = visited};
    char *path = NULL;
    enum kw_status status = KW_OK;
    if (!kw_root_decode(kw_bytes_view(&ledger->root_codes.items[number]), &arena, &root) ||
        !kw_reading_decode(root.reading, &arena, &tour.visit.source)) {
        status = kw_fail(error, KW_E_DAMAGED, "a root of the index makes no sense");
        goto done;
    }
    path = kw_path_shown(writer->engine->ops->base(writer->engine), root.path);
    status = path ? kw_ledger_reading(ledger, root.reading, &tour.visit.reading, error)
                  : kw_fail_memory(error);
    if (status != KW_OK)
        goto done;
    tour.path = path;
    tour.name = root.path;
    tour.walk = root.walk;
    tour.visit.source.archives = root.archives;
    tour.walk.warn = writer->options.warn;
    tour.walk.context = writer->options.context;
    tour.visit.refresh = true;
    status = visit_root(&tour, error);
done:
    free(path);
    kw_arena_release(&arena);
    return status;
}

enum kw_status kw_refresh(struct kwic_writer *writer, struct kw_error *error)
{
    struct kw_names visited = KW_NAMES_INIT;
    size_t count = writer->ledger.root_codes.count;
    enum kw_status status = KW_OK;
    /* The newest first: where roots overlap, the last one given says how a file is read. */
    for (size_t i = count; i-- > 0 && status == KW_OK;) {
        if (writer->ledger.root_codes.items[i].size)
            status = refresh_root(writer, i, count > 1 ? &visited : NULL, error);
    }
    kw_names_release(&visited);
    return status;
}
