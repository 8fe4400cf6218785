/* Mapping and writing whole files, and paths as text. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum kw_status kw_map_init(struct kw_map *map, const char *path, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct stat info;
    *map = (struct kw_map)KW_MAP_INIT;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        kw_fail_errno(error, "cannot open '%s'", path);
        if (error)
            error->status = KW_E_NOT_FOUND;
        return KW_E_NOT_FOUND;
    }
    if (fd < 0)
        return kw_fail_errno(error, "cannot open '%s'", path);
    if (fstat(fd, &info) != 0) {
        status = kw_fail_errno(error, "cannot stat '%s'", path);
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        status = kw_fail(error, KW_E_IO, "cannot read '%s': not a regular file", path);
        goto done;
    }
    if (info.st_size == 0)
        goto done;
    void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED) {
        status = kw_fail_errno(error, "cannot map '%s'", path);
        goto done;
    }
    *map = (struct kw_map){{data, (size_t)info.st_size}, info.st_dev, info.st_ino};
done:
    close(fd);
    return status;
}

void kw_map_release(struct kw_map *map)
{
    if (map->view.data)
        munmap((void *)(uintptr_t)map->view.data, map->view.size);
    *map = (struct kw_map)KW_MAP_INIT;
}

enum kw_status kw_map_is(const struct kw_map *map, const char *path, bool *same,
                         struct kw_error *error)
{
    struct stat info;
    *same = false;
    if (stat(path, &info) == 0) {
        *same = map->device == info.st_dev && map->inode == info.st_ino;
        return KW_OK;
    }
    bool missing = errno == ENOENT || errno == ENOTDIR;
    kw_fail_errno(error, "cannot open '%s'", path);
    if (missing && error)
        error->status = KW_E_NOT_FOUND;
    return missing ? KW_E_NOT_FOUND : KW_E_IO;
}

void kw_map_expect(const struct kw_map *map, bool most)
{
    if (map->view.data)
        (void)madvise((void *)(uintptr_t)map->view.data, map->view.size,
                      most ? MADV_NORMAL : MADV_RANDOM);
}

int64_t kw_file_mtime(const struct stat *info)
{
    return (int64_t)((uint64_t)info->st_mtim.tv_sec * 1000000000 + (uint64_t)info->st_mtim.tv_nsec);
}

enum kw_status kw_write_all(int fd, struct kw_view view, const char *path, struct kw_error *error)
{
    while (view.size) {
        ssize_t wrote = write(fd, view.data, view.size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return kw_fail_errno(error, "cannot write '%s'", path);
        view.data += wrote;
        view.size -= (size_t)wrote;
    }
    return KW_OK;
}

enum kw_status kw_file_write(const char *path, struct kw_view view, bool sync,
                             struct kw_error *error)
{
    enum kw_status status = KW_OK;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return kw_fail_errno(error, "cannot create '%s'", path);
    status = kw_write_all(fd, view, path, error);
    if (!status && sync && fsync(fd) != 0)
        status = kw_fail_errno(error, "cannot sync '%s'", path);
    if (close(fd) != 0 && !status)
        status = kw_fail_errno(error, "cannot close '%s'", path);
    if (status)
        unlink(path);
    return status;
}

void kw_descriptor_path(int fd, char path[KW_DESCRIPTOR_PATH])
{
    snprintf(path, KW_DESCRIPTOR_PATH, "/proc/self/fd/%d", fd);
}

/* Opens a folder and syncs by it. */
static enum kw_status sync_folder(const char *path, int (*sync)(int fd), struct kw_error *error)
{
    enum kw_status status = KW_OK;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return kw_fail_errno(error, "cannot open '%s'", path);
    if (sync(fd) != 0)
        status = kw_fail_errno(error, "cannot sync '%s'", path);
    close(fd);
    return status;
}

enum kw_status kw_folder_sync(const char *path, struct kw_error *error)
{
    return sync_folder(path, fsync, error);
}

enum kw_status kw_folder_sync_name(const char *path, struct kw_error *error)
{
    char *parent = kw_path_join(path, "..");
    if (!parent)
        return kw_fail_memory(error);
    bool closed = faccessat(AT_FDCWD, parent, R_OK, AT_EACCESS) != 0 && errno == EACCES;
    enum kw_status status =
        closed ? sync_folder(path, syncfs, error) : sync_folder(parent, fsync, error);
    free(parent);
    return status;
}

char *kw_path_join(const char *base, const char *name)
{
    size_t size = strlen(base);
    if (name[0] == '/' || size == 0)
        return strdup(name);
    size_t name_size = strlen(name), slash = base[size - 1] != '/';
    char *path = malloc(size + slash + name_size + 1);
    if (!path)
        return NULL;
    memcpy(path, base, size);
    path[size] = '/'; /* or what follows */
    memcpy(path + size + slash, name, name_size + 1);
    return path;
}

/* Rewrites an absolute path in place without empty, "." and ".." parts. */
static void normalise(char *path)
{
    char *out = path;
    const char *in = path;
    while (*in) {
        while (*in == '/')
            in++;
        size_t size = strcspn(in, "/");
        if (size == 2 && in[0] == '.' && in[1] == '.') {
            while (out > path && *--out != '/')
                ;
        } else if (size && !(size == 1 && in[0] == '.')) {
            *out++ = '/';
            memmove(out, in, size);
            out += size;
        }
        in += size;
    }
    if (out == path)
        *out++ = '/';
    *out = '\0';
}

char *kw_path_absolute(const char *path)
{
    char *folder = path[0] == '/' ? strdup("/") : getcwd(NULL, 0);
    char *whole = folder ? kw_path_join(folder, path) : NULL;
    if (whole)
        normalise(whole);
    free(folder);
    return whole;
}

char *kw_path_from(const char *from, const char *path)
{
    char *joined = kw_path_join(from, path);
    char *whole = joined ? kw_path_absolute(joined) : NULL;
    free(joined);
    return whole;
}

char *kw_path_relative(const char *from, const char *path)
{
    struct kw_bytes out = KW_BYTES_INIT;
    size_t common = 0; /* length of the shared part, ending before a slash or at an end */
    for (size_t i = 0;; i++) {
        bool from_ends = from[i] == '\0' || from[i] == '/';
        bool path_ends = path[i] == '\0' || path[i] == '/';
        if (from_ends && path_ends)
            common = i;
        if (from[i] != path[i] || from[i] == '\0')
            break;
    }
    const char *up = from + common;
    while (*up) {
        while (*up == '/')
            up++;
        if (*up)
            kw_bytes_append_text(&out, "../");
        up += strcspn(up, "/");
    }
    const char *down = path + common;
    while (*down == '/')
        down++;
    kw_bytes_append_text(&out, down);
    if (out.size && out.data[out.size - 1] == '/' && !*down)
        out.size--;
    if (!out.size && !out.failed)
        kw_bytes_append_text(&out, ".");
    kw_bytes_append_byte(&out, '\0');
    if (out.failed) {
        kw_bytes_release(&out);
        return NULL;
    }
    return (char *)out.data;
}
