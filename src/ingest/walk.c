/* The walk: the regular files of a folder in byte order of whole paths. It holds one listing for
 * each folder on the way down, on the heap, and no descriptor, so that neither the stack nor the
 * descriptors bound the depth; a path too long for the system is warned of as any other folder. */
#include "base/file.h"
#include "ingest/walk_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void release_folder(struct kw_walk_folder *folder)
{
    kw_bytes_release(&folder->names);
    free(folder->items);
    kw_ignore_release(&folder->git_rules);
    kw_ignore_release(&folder->own_rules);
}

enum kw_status kw_walk_set_path(struct kw_walk *walk, const struct kw_walk_folder *folder,
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
static enum kw_status list(struct kw_walk *walk, struct kw_walk_folder *folder, DIR *stream,
                           struct kw_error *error)
{
    struct dirent *item;
    for (errno = 0; (item = readdir(stream)); errno = 0) {
        struct kw_walk_entry entry = {.name = folder->names.size, .size = strlen(item->d_name)};
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
        kw_walk_cannot_read(walk, "folder", (const char *)walk->path.data);
        walk->unreadable++;
    }
    return KW_OK;
}

/* Byte order of names, a folder's with the slash that follows it in every path below. */
static int compare_entries(const void *a, const void *b, void *names)
{
    const struct kw_walk_entry *first = a;
    const struct kw_walk_entry *second = b;
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
static enum kw_status choose(struct kw_walk *walk, struct kw_walk_folder *folder,
                             struct kw_error *error)
{
    size_t kept = 0;
    for (size_t i = 0; i < folder->count; i++) {
        const struct kw_walk_entry *entry = &folder->items[i];
        const char *name = (const char *)folder->names.data + entry->name;
        enum kw_status status = kw_walk_set_path(
            walk, folder, (struct kw_view){(const uint8_t *)name, entry->size}, error);
        if (status != KW_OK)
            return status;
        if (kw_walk_judge(walk, name, entry->folder).refusal == KW_REFUSAL_NONE)
            folder->items[kept++] = *entry;
    }
    folder->count = kept;
    if (kept > 1)
        qsort_r(folder->items, kept, sizeof *folder->items, compare_entries, folder->names.data);
    return KW_OK;
}

bool kw_walk_is_index(DIR *stream)
{
    char mark[8];
    int fd = openat(dirfd(stream), "manifest", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ours = read(fd, mark, sizeof mark) == sizeof mark && memcmp(mark, "kwicmani", 8) == 0;
    close(fd);
    return ours;
}

enum kw_status kw_walk_push(struct kw_walk *walk, DIR *stream, struct kw_error *error)
{
    struct kw_walk_folder *folder;
    enum kw_status status = KW_E_MEMORY;
    if (!kw_grow(walk, walk->count + 1)) {
        kw_fail_memory(error);
        goto done;
    }
    folder = &walk->items[walk->count++]; /* from here the walk owns it */
    *folder = (struct kw_walk_folder){.names = KW_BYTES_INIT};
    status = kw_walk_is_index(stream) ? KW_OK : list(walk, folder, stream, error);
    if (status == KW_OK && !walk->options.no_ignore)
        status = kw_walk_read_rules(walk, (const char *)walk->path.data, folder, error);
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

DIR *kw_walk_open_folder(struct kw_walk *walk, bool root)
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
    DIR *stream = kw_walk_open_folder(walk, false);
    if (stream)
        return kw_walk_push(walk, stream, error);
    if (errno == ENOMEM)
        return kw_fail_memory(error);
    if (errno != 0 && errno != ENOENT) { /* what vanished meanwhile is not there to be read */
        kw_walk_cannot_read(walk, "folder", (const char *)walk->path.data);
        walk->unreadable++;
    }
    return KW_OK;
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
    DIR *stream = kw_walk_open_folder(walk, true);
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
        status = kw_walk_read_parents(walk, root, error);
    if (status != KW_OK) {
        closedir(stream);
        return status;
    }
    walk->root_place = walk->place.size;
    return kw_walk_push(walk, stream, error);
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
        struct kw_walk_folder *folder = &walk->items[walk->count - 1];
        if (folder->next == folder->count) {
            release_folder(folder);
            walk->count--;
            continue;
        }
        const struct kw_walk_entry *entry = &folder->items[folder->next++];
        struct kw_view name = {folder->names.data + entry->name, entry->size};
        enum kw_status status = kw_walk_set_path(walk, folder, name, error);
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
