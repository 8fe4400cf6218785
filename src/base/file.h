/* Files and paths, as every floor needs them. Paths are byte strings; nothing here changes the
 * working directory. */
#ifndef KW_BASE_FILE_H
#define KW_BASE_FILE_H

#include "base/bytes.h"

/* A whole file mapped read-only; `view.data` is NULL for an empty file. */
struct kw_map {
    struct kw_view view;
    uint64_t device, inode; /* of the file; no other one has them while it is mapped */
};

#define KW_MAP_INIT                                                                                \
    {                                                                                              \
        {NULL, 0}, 0, 0                                                                            \
    }

/* Maps the file at `path`. The mapping outlives the file's name. KW_E_NOT_FOUND if there is no such
 * file, KW_E_IO otherwise. */
enum kw_status kw_map_init(struct kw_map *map, const char *path, struct kw_error *error);
void kw_map_release(struct kw_map *map);

/* Whether the file at `path` is the one that is mapped, which is not empty: *same. KW_E_NOT_FOUND
 * if there is none, KW_E_IO. */
enum kw_status kw_map_is(const struct kw_map *map, const char *path, bool *same,
                         struct kw_error *error);

/* Hints how the mapping will be read: here and there, so that nothing need be read ahead, or (as at
 * first) most of it in order. */
void kw_map_expect(const struct kw_map *map, bool most);

struct stat;

/* When a file was changed, in nanoseconds since 1970, modulo 2^64: what lies beyond 1677 or 2262
 * wraps around, so that it still differs from other times. */
int64_t kw_file_mtime(const struct stat *info);

/* Writes all of `view` to `fd`, going on after interrupts and short writes. */
enum kw_status kw_write_all(int fd, struct kw_view view, const char *path, struct kw_error *error);

/* Creates or truncates `path` with mode 0600, writes `view` and, if `sync`, fsyncs it. On failure
 * the file is removed. */
enum kw_status kw_file_write(const char *path, struct kw_view view, bool sync,
                             struct kw_error *error);

enum { KW_DESCRIPTOR_PATH = 40 }; /* bytes of such a path with its NUL */

/* The path by which this process can open again what it has open as `fd`. */
void kw_descriptor_path(int fd, char path[KW_DESCRIPTOR_PATH]);

/* fsyncs the folder itself, so that names created or renamed in it survive a power cut. */
enum kw_status kw_folder_sync(const char *path, struct kw_error *error);

/* Makes the name of the folder survive a power cut: fsyncs the folder that it is in, or where that
 * may not be read, syncs the whole file system. */
enum kw_status kw_folder_sync_name(const char *path, struct kw_error *error);

/* `base`/`name` as a malloc'ed string the caller frees; `name` alone if it is absolute. NULL when
 * memory runs out. */
char *kw_path_join(const char *base, const char *name);

/* `path` made absolute against the working directory and freed of ".", ".." and doubled slashes by
 * text alone (symbolic links are kept). The caller frees it; NULL and errno on failure. */
char *kw_path_absolute(const char *path);

/* `path` seen from the absolute folder `from`, absolute and normal as kw_path_absolute makes it.
 * The caller frees it; NULL when memory runs out. */
char *kw_path_from(const char *from, const char *path);

/* How to write the absolute, normal path `path` from the absolute, normal folder `from`: "." for
 * itself, "a/b" below it, "../c" elsewhere. The caller frees it; NULL when memory runs out. */
char *kw_path_relative(const char *from, const char *path);

#endif
