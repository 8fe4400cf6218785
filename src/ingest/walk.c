/* The walk: the regular files of a folder in byte order of whole paths. It holds one listing for
 * each folder on the way down, on the heap, and no descriptor, so that neither the stack nor the
 * descriptors bound the depth; a path too long for the system is warned of as any other folder. */
#include "base/file.h"
#include "ingest/ignore.h"
#include "ingest/source.h"
#include "ingest/warn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    size_t name; /* offset into the names of its folder */
    size_t size;
    bool folder;
};

/* A folder on the way down. Those above the walk's root have rules but no entries. */
struct folder {
    struct kw_bytes names;
    struct entry *items;
    size_t count;
    size_t capacity;
    size_t next;      /* the first entry not yet visited */
    size_t path_size; /* of walk->path up to this folder's last slash */
    size_t place;     /* of walk->place, likewise */
    struct kw_ignore git_rules;
    struct kw_ignore own_rules; /* of `.ignore`: they go before those of any .gitignore */
    bool repository;            /* has a .git: .gitignore files above it do not count */
};

struct kw_walk {
    struct kw_walk_options options;
    struct kw_ignore include;
    struct kw_ignore exclude;
    struct folder *items; /* outermost first */
    size_t count;
    size_t capacity;
    struct kw_bytes path;  /* root and names, as handed out */
    struct kw_bytes place; /* the same from the outermost folder whose rules count */
    size_t root_place;     /* where in `place` the path relative to the root begins */
    dev_t device;
    uint64_t unreadable;
};

static struct kw_view view_from(const struct kw_bytes *bytes, size_t from)
{
    return (struct kw_view){bytes->data + from, bytes->size - from};
}

static void release_folder(struct folder *folder)
{
    kw_bytes_release(&folder->names);
    free(folder->items);
    kw_ignore_release(&folder->git_rules);
    kw_ignore_release(&folder->own_rules);
}

static void cannot_read(struct kw_walk *walk, const char *what, const char *path)
{
    char cause[128];
    kw_warn(walk->options.warn, walk->options.context, "cannot read %s '%s': %s", what, path,
            strerror_r(errno, cause, sizeof cause));
}

/* Makes path and place those of `name` in `folder`, path with a NUL behind its end. */
static enum kw_status set_path(struct kw_walk *walk, const struct folder *folder,
                               struct kw_view name, struct kw_error *error)
{
    walk->path.size = folder->path_size;
    walk->place.size = folder->place;
    kw_bytes_append_view(&walk->path, name);
    kw_bytes_append_view(&walk->place, name);
    kw_bytes_append_byte(&walk->path, '\0');
    if (walk->path.failed || walk->place.failed)
        return kw_fail_memory(error);
    walk->path.size--;
    return KW_OK;
}

/* Reads the rules of `folder_path`/`name` if that is a regular file. One that cannot be read is
 * warned of. */
static enum kw_status read_rules(struct kw_walk *walk, const char *folder_path, const char *name,
                                 struct kw_ignore *rules, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct kw_map map = KW_MAP_INIT;
    struct stat info;
    char *path = kw_path_join(folder_path, name);
    if (!path)
        return kw_fail_memory(error);
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        if (kw_map_init(&map, path, NULL) == KW_OK)
            status = kw_ignore_parse(rules, map.view, error);
        else
            cannot_read(walk, "ignore file", path);
    }
    kw_map_release(&map);
    free(path);
    return status;
}

static enum kw_status read_both_rules(struct kw_walk *walk, const char *path, struct folder *folder,
                                      struct kw_error *error)
{
    enum kw_status status = read_rules(walk, path, ".gitignore", &folder->git_rules, error);
    if (status == KW_OK)
        status = read_rules(walk, path, ".ignore", &folder->own_rules, error);
    return status;
}

/* What all ignore files on the way say of walk->place. */
static enum kw_verdict verdict(const struct kw_walk *walk, bool is_folder)
{
    enum kw_verdict answer = KW_VERDICT_NONE;
    for (size_t i = walk->count; i-- > 0 && answer == KW_VERDICT_NONE;) {
        const struct folder *folder = &walk->items[i];
        answer =
            kw_ignore_match(&folder->own_rules, view_from(&walk->place, folder->place), is_folder);
    }
    for (size_t i = walk->count; i-- > 0 && answer == KW_VERDICT_NONE;) {
        const struct folder *folder = &walk->items[i];
        answer =
            kw_ignore_match(&folder->git_rules, view_from(&walk->place, folder->place), is_folder);
        if (folder->repository)
            break;
    }
    return answer;
}

/* Whether the name is one that no option makes visible. */
static bool never_visited(const char *name, bool folder)
{
    static const char *const names[] = {".git", ".hg", ".svn", ".bzr", ".kwic", "_darcs", "CVS"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return folder || name[0] == '.';
    }
    return false;
}

/* Whether the walk visits walk->path, whose last part is `name`. As in rg, a rule that keeps a
 * hidden name makes it visible. */
static bool visited(const struct kw_walk *walk, const char *name, bool folder)
{
    struct kw_view relative = view_from(&walk->place, walk->root_place);
    if (never_visited(name, folder))
        return false;
    enum kw_verdict rules = walk->options.no_ignore ? KW_VERDICT_NONE : verdict(walk, folder);
    if (rules == KW_VERDICT_IGNORED)
        return false;
    if (name[0] == '.' && !walk->options.hidden && rules != KW_VERDICT_KEPT)
        return false;
    if (kw_ignore_match(&walk->exclude, relative, folder) != KW_VERDICT_NONE)
        return false;
    return folder || !walk->include.count ||
           kw_ignore_match(&walk->include, relative, false) != KW_VERDICT_NONE;
}

/* Whether the entry is a folder (*folder) or a regular file; false for anything else. */
static bool known_kind(DIR *stream, const struct dirent *item, bool *folder)
{
    struct stat info;
    unsigned char kind = item->d_type;
    if (kind == DT_UNKNOWN) {
        if (fstatat(dirfd(stream), item->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            return false;
        kind = S_ISDIR(info.st_mode) ? DT_DIR : S_ISREG(info.st_mode) ? DT_REG : DT_UNKNOWN;
    }
    *folder = kind == DT_DIR;
    return kind == DT_DIR || kind == DT_REG;
}

/* Lists the files and folders of `stream`, unsorted and unfiltered. */
static enum kw_status list(struct kw_walk *walk, struct folder *folder, DIR *stream,
                           struct kw_error *error)
{
    struct dirent *item;
    for (errno = 0; (item = readdir(stream)); errno = 0) {
        struct entry entry = {.name = folder->names.size, .size = strlen(item->d_name)};
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
            continue;
        if (strcmp(item->d_name, ".git") == 0)
            folder->repository = true;
        if (!known_kind(stream, item, &entry.folder))
            continue;
        kw_bytes_append(&folder->names, item->d_name, entry.size + 1);
        if (folder->names.failed || !kw_grow(folder, folder->count + 1))
            return kw_fail_memory(error);
        folder->items[folder->count++] = entry;
    }
    if (errno) {
        cannot_read(walk, "folder", (const char *)walk->path.data);
        walk->unreadable++;
    }
    return KW_OK;
}

/* Byte order of names, a folder's with the slash that follows it in every path below. */
static int compare_entries(const void *a, const void *b, void *names)
{
    const struct entry *first = a;
    const struct entry *second = b;
    const uint8_t *bytes = names;
    size_t shorter = first->size < second->size ? first->size : second->size;
    int order = memcmp(bytes + first->name, bytes + second->name, shorter);
    if (order)
        return order;
    int one = first->size > shorter ? bytes[first->name + shorter] : first->folder ? '/' : -1;
    int other = second->size > shorter ? bytes[second->name + shorter] : second->folder ? '/' : -1;
    return (one > other) - (one < other);
}

/* Drops the entries that are not visited and sorts the rest. */
static enum kw_status choose(struct kw_walk *walk, struct folder *folder, struct kw_error *error)
{
    size_t kept = 0;
    for (size_t i = 0; i < folder->count; i++) {
        const struct entry *entry = &folder->items[i];
        const char *name = (const char *)folder->names.data + entry->name;
        enum kw_status status =
            set_path(walk, folder, (struct kw_view){(const uint8_t *)name, entry->size}, error);
        if (status != KW_OK)
            return status;
        if (visited(walk, name, entry->folder))
            folder->items[kept++] = *entry;
    }
    folder->count = kept;
    if (kept > 1)
        qsort_r(folder->items, kept, sizeof *folder->items, compare_entries, folder->names.data);
    return KW_OK;
}

/* Whether the folder is an index of ours, whatever its name: what lies in it is nobody's text. */
static bool is_index(DIR *stream)
{
    char mark[8];
    int fd = openat(dirfd(stream), "manifest", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ours = read(fd, mark, sizeof mark) == sizeof mark && memcmp(mark, "kwicmani", 8) == 0;
    close(fd);
    return ours;
}

/* Pushes the folder walk->path with its listing read from `stream`, which is ended. */
static enum kw_status push(struct kw_walk *walk, DIR *stream, struct kw_error *error)
{
    struct folder *folder;
    enum kw_status status = KW_E_MEMORY;
    if (!kw_grow(walk, walk->count + 1)) {
        kw_fail_memory(error);
        goto done;
    }
    folder = &walk->items[walk->count++]; /* from here the walk owns it */
    *folder = (struct folder){.names = KW_BYTES_INIT};
    status = is_index(stream) ? KW_OK : list(walk, folder, stream, error);
    if (status == KW_OK && !walk->options.no_ignore)
        status = read_both_rules(walk, (const char *)walk->path.data, folder, error);
    if (status != KW_OK)
        goto done;
    if (walk->path.data[walk->path.size - 1] != '/')
        kw_bytes_append_byte(&walk->path, '/');
    if (walk->place.size && walk->place.data[walk->place.size - 1] != '/')
        kw_bytes_append_byte(&walk->place, '/');
    folder->path_size = walk->path.size;
    folder->place = walk->place.size;
    status = choose(walk, folder, error);
done:
    closedir(stream);
    return status;
}

/* Opens the folder walk->path; NULL with errno on failure, or with errno 0 if it is on another file
 * system. */
static DIR *open_folder(struct kw_walk *walk, bool root)
{
    struct stat info;
    DIR *stream = NULL;
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (root ? 0 : O_NOFOLLOW);
    int fd = open((const char *)walk->path.data, flags);
    if (fd < 0)
        return NULL;
    int number = 0;
    if (fstat(fd, &info) != 0)
        number = errno;
    else if (root || info.st_dev == walk->device)
        stream = fdopendir(fd);
    if (root && stream)
        walk->device = info.st_dev;
    if (!stream) {
        number = number ? number : (root || info.st_dev == walk->device) ? errno : 0;
        close(fd);
        errno = number;
    }
    return stream;
}

/* Goes into the folder walk->path, or warns that it cannot. */
static enum kw_status enter(struct kw_walk *walk, struct kw_error *error)
{
    DIR *stream = open_folder(walk, false);
    if (stream)
        return push(walk, stream, error);
    if (errno == ENOMEM)
        return kw_fail_memory(error);
    if (errno != 0 && errno != ENOENT) { /* what vanished meanwhile is not there to be read */
        cannot_read(walk, "folder", (const char *)walk->path.data);
        walk->unreadable++;
    }
    return KW_OK;
}

static bool has_git(const char *folder)
{
    struct stat info;
    char *path = kw_path_join(folder, ".git");
    bool found = path && lstat(path, &info) == 0;
    free(path);
    return found;
}

/* Adds the rules of one folder above the root, whose path is `path`. */
static enum kw_status push_parent(struct kw_walk *walk, const char *path, size_t place,
                                  struct kw_error *error)
{
    if (!kw_grow(walk, walk->count + 1))
        return kw_fail_memory(error);
    struct folder *folder = &walk->items[walk->count++];
    *folder = (struct folder){.names = KW_BYTES_INIT, .place = place};
    return read_both_rules(walk, path, folder, error);
}

/* Adds the rules of the folders above `root` up to the repository it is in, if it is in one and is
 * not its top; walk->place becomes the root's path in it. */
static enum kw_status push_parents(struct kw_walk *walk, const char *root, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    char *path = realpath(root, NULL);
    char *top = path ? strdup(path) : NULL;
    if (!top) {
        status = kw_fail_errno(error, "cannot resolve '%s'", root);
        goto done;
    }
    while (!has_git(top)) {
        char *slash = strrchr(top, '/');
        if (!slash || top[1] == '\0')
            goto done;
        slash[slash == top ? 1 : 0] = '\0';
    }
    if (strcmp(top, path) == 0)
        goto done;
    size_t base = strlen(top) == 1 ? 1 : strlen(top) + 1;
    size_t size = strlen(path);
    for (size_t at = base; at <= size && status == KW_OK; at += strcspn(path + at, "/") + 1) {
        char *parent = strndup(path, at > 1 ? at - 1 : 1);
        status = parent ? push_parent(walk, parent, at - base, error) : kw_fail_memory(error);
        free(parent);
    }
    if (size > base) {
        kw_bytes_append(&walk->place, path + base, size - base);
        kw_bytes_append_byte(&walk->place, '/');
    }
    if (status == KW_OK)
        status = kw_bytes_status(&walk->place, error);
done:
    free(top);
    free(path);
    return status;
}

static enum kw_status add_globs(struct kw_ignore *ignore, const char **globs,
                                struct kw_error *error)
{
    enum kw_status status = KW_OK;
    for (; globs && *globs && status == KW_OK; globs++)
        status = kw_ignore_add(ignore, *globs, error);
    return status;
}

/* Opens the root and reads its listing. */
static enum kw_status start(struct kw_walk *walk, const char *root, struct kw_error *error)
{
    enum kw_status status = add_globs(&walk->include, walk->options.include, error);
    if (status == KW_OK)
        status = add_globs(&walk->exclude, walk->options.exclude, error);
    if (status != KW_OK)
        return status;
    kw_bytes_append(&walk->path, root, strlen(root) + 1);
    if (walk->path.failed)
        return kw_fail_memory(error);
    walk->path.size--;
    DIR *stream = open_folder(walk, true);
    if (!stream) {
        bool absent = errno == ENOENT;
        status = kw_fail_errno(error, "cannot read folder '%s'", root);
        if (!absent)
            return status;
        if (error)
            error->status = KW_E_NOT_FOUND;
        return KW_E_NOT_FOUND;
    }
    if (!walk->options.no_ignore)
        status = push_parents(walk, root, error);
    if (status != KW_OK) {
        closedir(stream);
        return status;
    }
    walk->root_place = walk->place.size;
    return push(walk, stream, error);
}

enum kw_status kw_walk_new(struct kw_walk **out, const char *root,
                           const struct kw_walk_options *options, struct kw_error *error)
{
    *out = NULL;
    struct kw_walk *walk = calloc(1, sizeof *walk);
    if (!walk)
        return kw_fail_memory(error);
    if (options)
        walk->options = *options;
    enum kw_status status = start(walk, root, error);
    if (status == KW_OK)
        *out = walk;
    else
        kw_walk_free(walk);
    return status;
}

void kw_walk_free(struct kw_walk *walk)
{
    if (!walk)
        return;
    while (walk->count)
        release_folder(&walk->items[--walk->count]);
    free(walk->items);
    kw_ignore_release(&walk->include);
    kw_ignore_release(&walk->exclude);
    kw_bytes_release(&walk->path);
    kw_bytes_release(&walk->place);
    free(walk);
}

enum kw_status kw_walk_next(struct kw_walk *walk, const char **path, struct kw_error *error)
{
    while (walk->count) {
        struct folder *folder = &walk->items[walk->count - 1];
        if (folder->next == folder->count) {
            release_folder(folder);
            walk->count--;
            continue;
        }
        const struct entry *entry = &folder->items[folder->next++];
        struct kw_view name = {folder->names.data + entry->name, entry->size};
        enum kw_status status = set_path(walk, folder, name, error);
        if (status != KW_OK)
            return status;
        if (!entry->folder) {
            *path = (const char *)walk->path.data;
            return KW_OK;
        }
        status = enter(walk, error);
        if (status != KW_OK)
            return status;
    }
    return KW_END;
}

uint64_t kw_walk_unreadable(const struct kw_walk *walk)
{
    return walk->unreadable;
}
