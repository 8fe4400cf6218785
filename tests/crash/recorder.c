/* Takes down what this program does to the files below a folder: the calls of the system are
 * wrapped by the linker (--wrap), done, and noted. */
#include "tests/crash/disk.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 1024 };

static struct {
    pthread_mutex_t lock;
    struct disk_log *log; /* NULL: nothing is taken down */
    char folder[4000];
    enum disk_omission omission;
    struct {
        bool open;
        bool folder;
        size_t file;
        char name[DISK_NAME];
    } descriptors[MOST_DESCRIPTORS];
    struct {
        char name[DISK_NAME]; /* empty: free */
        size_t file;
    } names[MOST_DESCRIPTORS];
} recorder = {.lock = PTHREAD_MUTEX_INITIALIZER};

int __real_open(const char *path, int flags, ...);
int __real_close(int fd);
ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __real_pwrite(int fd, const void *data, size_t size, off_t offset);
int __real_ftruncate(int fd, off_t size);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __real_unlinkat(int fd, const char *name, int flags);
int __real_mkdir(const char *path, mode_t mode);
int __real_rmdir(const char *path);

int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int fd);
ssize_t __wrap_write(int fd, const void *data, size_t size);
ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_unlinkat(int fd, const char *name, int flags);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_rmdir(const char *path);

static void give_up(const char *what)
{
    fprintf(stderr, "recorder: %s\n", what);
    abort();
}

/* ---- Noting ------------------------------------------------------------------------------- */

static void begin(void)
{
    pthread_mutex_lock(&recorder.lock);
}

static void end(void)
{
    pthread_mutex_unlock(&recorder.lock);
}

/* The name of `path` below the folder that is watched; NULL if it is elsewhere, or nothing is taken
 * down. */
static const char *name_of(const char *path)
{
    size_t size = strlen(recorder.folder);
    if (!recorder.log || strncmp(path, recorder.folder, size) != 0)
        return NULL;
    if (path[size] == '\0')
        return path + size;
    if (path[size] != '/')
        return NULL;
    if (strlen(path + size + 1) >= DISK_NAME)
        give_up("a name is too long");
    return path + size + 1;
}

static struct disk_event *note(enum disk_kind kind, const char *name, size_t file)
{
    struct disk_log *log = recorder.log;
    if (log->count == log->capacity) {
        log->capacity = log->capacity ? log->capacity * 2 : 256;
        log->events = realloc(log->events, log->capacity * sizeof *log->events);
        if (!log->events)
            give_up("out of memory");
    }
    struct disk_event *event = &log->events[log->count++];
    *event = (struct disk_event){.kind = kind, .file = file};
    snprintf(event->name, sizeof event->name, "%s", name ? name : "");
    return event;
}

/* The file that has `name` now; SIZE_MAX if none has. Sets it if `file` is another. */
static size_t named(const char *name, size_t file)
{
    size_t vacant = MOST_DESCRIPTORS;
    for (size_t i = 0; i < MOST_DESCRIPTORS; i++) {
        if (strcmp(recorder.names[i].name, name) == 0) {
            size_t old = recorder.names[i].file;
            if (file != SIZE_MAX)
                recorder.names[i].file = file;
            return old;
        }
        if (!recorder.names[i].name[0] && vacant == MOST_DESCRIPTORS)
            vacant = i;
    }
    if (file != SIZE_MAX) {
        if (vacant == MOST_DESCRIPTORS)
            give_up("too many files");
        snprintf(recorder.names[vacant].name, DISK_NAME, "%s", name);
        recorder.names[vacant].file = file;
    }
    return SIZE_MAX;
}

static void forget(const char *name)
{
    for (size_t i = 0; i < MOST_DESCRIPTORS; i++)
        if (strcmp(recorder.names[i].name, name) == 0)
            recorder.names[i].name[0] = '\0';
}

/* The path of what is open as `fd`, without "..", in a buffer of 4,000 bytes. */
static bool true_path(int fd, char *path)
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, 3999);
    path[size > 0 ? size : 0] = '\0';
    return size > 0;
}

static void note_open(int fd, int flags)
{
    char path[4000];
    const char *name = recorder.log && true_path(fd, path) ? name_of(path) : NULL;
    if (!name)
        return;
    bool writes = (flags & O_ACCMODE) != O_RDONLY;
    if (!writes && !(flags & O_DIRECTORY))
        return;
    if (fd >= MOST_DESCRIPTORS)
        give_up("a descriptor is too high");
    size_t file = SIZE_MAX;
    if (writes) {
        file = named(name, SIZE_MAX);
        if (file == SIZE_MAX) {
            file = recorder.log->files++;
            named(name, file);
            note(DISK_CREATE, name, file);
        } else if (flags & O_TRUNC) {
            note(DISK_RESIZE, name, file);
        }
    }
    recorder.descriptors[fd].open = true;
    recorder.descriptors[fd].folder = !writes;
    recorder.descriptors[fd].file = file;
    snprintf(recorder.descriptors[fd].name, DISK_NAME, "%s", name);
}

static bool watched(int fd)
{
    return recorder.log && fd >= 0 && fd < MOST_DESCRIPTORS && recorder.descriptors[fd].open;
}

static void note_write(int fd, const void *data, size_t size, off_t offset)
{
    struct disk_event *event =
        note(DISK_WRITE, recorder.descriptors[fd].name, recorder.descriptors[fd].file);
    event->data = malloc(size ? size : 1);
    if (!event->data)
        give_up("out of memory");
    memcpy(event->data, data, size);
    event->size = size;
    event->offset = (uint64_t)offset;
}

/* Whether a sync is left out. */
static bool omitted(int fd)
{
    const char *name = recorder.descriptors[fd].name;
    bool folder = recorder.descriptors[fd].folder;
    switch (recorder.omission) {
    case DISK_OMIT_FILES:
        return !folder;
    case DISK_OMIT_FOLDERS:
        return folder;
    case DISK_OMIT_MANIFEST:
        return !folder && strstr(name, "manifest") != NULL;
    case DISK_OMIT_PARENT:
        return folder && !name[0];
    default:
        return false;
    }
}

void disk_record(struct disk_log *log, const char *folder, enum disk_omission omission)
{
    begin();
    recorder.log = log;
    recorder.omission = omission;
    snprintf(recorder.folder, sizeof recorder.folder, "%s", folder);
    memset(recorder.descriptors, 0, sizeof recorder.descriptors);
    memset(recorder.names, 0, sizeof recorder.names);
    end();
}

void disk_mark(enum disk_kind kind, uint64_t commit)
{
    begin();
    note(kind, NULL, 0)->size = commit;
    end();
}

void disk_record_end(void)
{
    begin();
    recorder.log = NULL;
    end();
}

void disk_log_release(struct disk_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        free(log->events[i].data);
    free(log->events);
    *log = (struct disk_log){NULL, 0, 0, 0};
}

/* ---- The calls ---------------------------------------------------------------------------- */

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    begin();
    int fd = __real_open(path, flags, mode);
    if (fd >= 0)
        note_open(fd, flags);
    end();
    return fd;
}

int __wrap_close(int fd)
{
    begin();
    if (fd >= 0 && fd < MOST_DESCRIPTORS)
        recorder.descriptors[fd].open = false;
    int result = __real_close(fd);
    end();
    return result;
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    begin();
    off_t offset = watched(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t wrote = __real_write(fd, data, size);
    if (wrote > 0 && watched(fd))
        note_write(fd, data, (size_t)wrote, offset);
    end();
    return wrote;
}

ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset)
{
    begin();
    ssize_t wrote = __real_pwrite(fd, data, size, offset);
    if (wrote > 0 && watched(fd))
        note_write(fd, data, (size_t)wrote, offset);
    end();
    return wrote;
}

int __wrap_ftruncate(int fd, off_t size)
{
    begin();
    int result = __real_ftruncate(fd, size);
    if (result == 0 && watched(fd))
        note(DISK_RESIZE, recorder.descriptors[fd].name, recorder.descriptors[fd].file)->size =
            (uint64_t)size;
    end();
    return result;
}

/* Nothing is synced in truth: the disk that may fail is that of the log. */
int __wrap_fsync(int fd)
{
    int result = 0;
    begin();
    if (!watched(fd))
        result = __real_fsync(fd);
    else if (!omitted(fd))
        note(recorder.descriptors[fd].folder ? DISK_SYNC_FOLDER : DISK_SYNC_FILE,
             recorder.descriptors[fd].name, recorder.descriptors[fd].file);
    end();
    return result;
}

int __wrap_rename(const char *from, const char *to)
{
    begin();
    int result = __real_rename(from, to);
    const char *name = result == 0 ? name_of(from) : NULL;
    const char *target = name ? name_of(to) : NULL;
    if (name && !target)
        give_up("a file was moved away");
    if (target) {
        size_t file = named(name, SIZE_MAX);
        struct disk_event *event = note(DISK_RENAME, name, file);
        snprintf(event->target, sizeof event->target, "%s", target);
        forget(name);
        named(target, file);
    }
    end();
    return result;
}

static void note_remove(const char *path)
{
    const char *name = name_of(path);
    if (!name)
        return;
    note(DISK_REMOVE, name, 0);
    forget(name);
}

int __wrap_unlink(const char *path)
{
    begin();
    int result = __real_unlink(path);
    if (result == 0)
        note_remove(path);
    end();
    return result;
}

int __wrap_unlinkat(int fd, const char *name, int flags)
{
    char folder[4000], path[8000];
    begin();
    int result = __real_unlinkat(fd, name, flags);
    if (result == 0 && recorder.log && true_path(fd, folder)) {
        snprintf(path, sizeof path, "%s/%s", folder, name);
        note_remove(path);
    }
    end();
    return result;
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    begin();
    int result = __real_mkdir(path, mode);
    if (result == 0 && name_of(path))
        note(DISK_FOLDER, name_of(path), 0);
    end();
    return result;
}

int __wrap_rmdir(const char *path)
{
    begin();
    int result = __real_rmdir(path);
    if (result == 0)
        note_remove(path);
    end();
    return result;
}
