/* The states that a cut of the power may leave of a disk, from the log of what was done to it. */
#include "tests/crash/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, SECTOR = 512, MOST_NAMES = 1024 };

/* Bytes [offset, offset + size) of a file; without data its new size is `offset`. */
struct piece {
    const uint8_t *data;
    uint64_t offset;
    uint64_t size;
};

struct content {
    uint8_t *data;
    uint64_t size;
    uint64_t hash;
};

struct file {
    struct content safe;
    struct content cut; /* as the state picked last has it; its data is owned if `pieces` */
    struct piece *pieces;
    size_t count;
    size_t capacity;
};

struct name {
    char name[DISK_NAME];
    bool folder;
    size_t file;
};

struct names {
    struct name items[MOST_NAMES];
    size_t count;
};

struct disk {
    const struct disk_log *log;
    size_t next; /* event */
    struct file *files;
    struct names safe;
    size_t *changes; /* of folders, not synced: numbers of events */
    size_t change_count;
    uint64_t done, begun;
    struct names cut;    /* those of the state picked last */
    struct names made;   /* what disk_make left */
    uint64_t *made_hash; /* of each of them */
};

static void *need(void *memory)
{
    if (!memory) {
        fputs("disk: out of memory\n", stderr);
        abort();
    }
    return memory;
}

static void must(bool held, const char *what)
{
    if (!held) {
        perror(what);
        abort();
    }
}

uint64_t disk_random(uint64_t *state)
{
    uint64_t x = *state += 0x9E3779B97F4A7C15;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
    x = (x ^ x >> 27) * 0x94D049BB133111EB;
    return x ^ x >> 31;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, uint64_t size)
{
    const uint8_t *at = data;
    for (; size >= 8; at += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 29;
    }
    for (; size; at++, size--)
        hash = (hash ^ *at) * 0x100000001B3;
    return hash ^ hash >> 32;
}

/* ---- Files -------------------------------------------------------------------------------- */

static void set_size(struct content *content, uint64_t size)
{
    if (size > content->size) {
        content->data = need(realloc(content->data, size));
        memset(content->data + content->size, 0, size - content->size);
    }
    content->size = size;
}

static void apply(struct content *content, const struct piece *piece)
{
    if (!piece->data) {
        set_size(content, piece->offset);
        return;
    }
    if (piece->offset + piece->size > content->size)
        set_size(content, piece->offset + piece->size);
    memcpy(content->data + piece->offset, piece->data, piece->size);
}

static void add_piece(struct file *file, const uint8_t *data, uint64_t offset, uint64_t size)
{
    if (file->count == file->capacity) {
        file->capacity = file->capacity ? file->capacity * 2 : 16;
        file->pieces = need(realloc(file->pieces, file->capacity * sizeof *file->pieces));
    }
    file->pieces[file->count++] = (struct piece){data, offset, size};
}

static void add_write(struct file *file, const struct disk_event *event)
{
    for (uint64_t at = 0; at < event->size;) {
        uint64_t offset = event->offset + at;
        uint64_t size = PAGE - offset % PAGE;
        if (size > event->size - at)
            size = event->size - at;
        add_piece(file, event->data + at, offset, size);
        at += size;
    }
}

static void hash_content(struct content *content)
{
    content->hash = hash_bytes(content->size, content->data, content->size);
}

static void sync_file(struct file *file)
{
    for (size_t i = 0; i < file->count; i++)
        apply(&file->safe, &file->pieces[i]);
    hash_content(&file->safe);
    file->count = 0;
}

/* ---- Which of what is not safe is there --------------------------------------------------- */

/* Takes all, none, one, all but one, all up to one, or each by the throw of a die. */
struct choice {
    enum { ALL, NONE, ONE, ALL_BUT_ONE, ALL_BEFORE, SOME } kind;
    size_t one;
    unsigned chance; /* in 16 */
};

static struct choice choose(uint64_t which, size_t count, uint64_t *random)
{
    struct choice choice = {which ? NONE : ALL, 0, 0};
    if (which < 2)
        return choice;
    choice.kind = disk_random(random) % 6;
    choice.one = count ? disk_random(random) % count : 0;
    choice.chance = 1 + (unsigned)(disk_random(random) % 15);
    return choice;
}

static bool taken(const struct choice *choice, size_t number, uint64_t *random)
{
    switch (choice->kind) {
    case ALL:
        return true;
    case NONE:
        return false;
    case ONE:
        return number == choice->one;
    case ALL_BUT_ONE:
        return number != choice->one;
    case ALL_BEFORE:
        return number < choice->one;
    default:
        return disk_random(random) % 16 < choice->chance;
    }
}

static void cut_file(struct file *file, uint64_t which, uint64_t *random)
{
    struct choice choice = choose(which, file->count, random);
    uint64_t size = file->safe.size;
    for (size_t i = 0; i < file->count; i++) {
        const struct piece *piece = &file->pieces[i];
        if (!piece->data)
            size = piece->offset;
        else if (piece->offset + piece->size > size)
            size = piece->offset + piece->size;
    }
    free(file->cut.data);
    file->cut.size = file->safe.size;
    file->cut.data = need(malloc(size + 1));
    memcpy(file->cut.data, file->safe.data ? file->safe.data : file->cut.data, file->safe.size);
    for (size_t i = 0; i < file->count; i++) {
        struct piece piece = file->pieces[i];
        if (!taken(&choice, i, random))
            continue;
        if (which > 1 && piece.data && disk_random(random) % 8 == 0) /* torn */
            piece.size = disk_random(random) % (piece.size / SECTOR + 1) * SECTOR;
        apply(&file->cut, &piece);
    }
    if (which > 1 && disk_random(random) % 2)
        set_size(&file->cut, size);
    hash_content(&file->cut);
}

/* ---- Names -------------------------------------------------------------------------------- */

static struct name *find(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].name, name) == 0)
            return &names->items[i];
    return NULL;
}

static void set_name(struct names *names, const char *name, bool folder, size_t file)
{
    struct name *item = find(names, name);
    if (!item) {
        must(names->count < MOST_NAMES, "too many names");
        item = &names->items[names->count++];
    }
    snprintf(item->name, sizeof item->name, "%s", name);
    item->folder = folder;
    item->file = file;
}

static void remove_name(struct names *names, const char *name)
{
    struct name *item = find(names, name);
    if (item)
        *item = names->items[--names->count];
}

static void change(struct names *names, const struct disk_event *event)
{
    switch (event->kind) {
    case DISK_CREATE:
    case DISK_FOLDER:
        set_name(names, event->name, event->kind == DISK_FOLDER, event->file);
        break;
    case DISK_RENAME:
        remove_name(names, event->name);
        set_name(names, event->target, false, event->file);
        break;
    default:
        remove_name(names, event->name);
    }
}

/* Whether `name` lies in `folder`. */
static bool lies_in(const char *name, const char *folder)
{
    const char *slash = strrchr(name, '/');
    size_t size = slash ? (size_t)(slash - name) : 0;
    return strlen(folder) == size && memcmp(name, folder, size) == 0;
}

static void sync_folder(struct disk *disk, const char *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < disk->change_count; i++) {
        const struct disk_event *event = &disk->log->events[disk->changes[i]];
        if (lies_in(event->name, folder))
            change(&disk->safe, event);
        else
            disk->changes[kept++] = disk->changes[i];
    }
    disk->change_count = kept;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const struct name *)left)->name, ((const struct name *)right)->name);
}

static void cut_names(struct disk *disk, uint64_t which, uint64_t *random)
{
    struct choice choice = choose(which, disk->change_count, random);
    size_t kept = 0;
    disk->cut = disk->safe;
    for (size_t i = 0; i < disk->change_count; i++)
        if (taken(&choice, i, random))
            change(&disk->cut, &disk->log->events[disk->changes[i]]);
    qsort(disk->cut.items, disk->cut.count, sizeof disk->cut.items[0], compare_names);
    for (size_t i = 0; i < disk->cut.count; i++) { /* what lies in no folder cannot be found */
        struct name parent = disk->cut.items[i];
        char *slash = strrchr(parent.name, '/');
        if (slash)
            *slash = '\0';
        if (find(&disk->cut, parent.name))
            disk->cut.items[kept++] = disk->cut.items[i];
    }
    disk->cut.count = kept;
}

/* ---- The disk ----------------------------------------------------------------------------- */

struct disk *disk_new(const struct disk_log *log)
{
    struct disk *disk = need(calloc(1, sizeof *disk));
    disk->log = log;
    disk->files = need(calloc(log->files + 1, sizeof *disk->files));
    disk->changes = need(calloc(log->count + 1, sizeof *disk->changes));
    disk->made_hash = need(calloc(MOST_NAMES, sizeof *disk->made_hash));
    return disk;
}

void disk_free(struct disk *disk)
{
    if (!disk)
        return;
    for (size_t i = 0; i < disk->log->files; i++) {
        free(disk->files[i].safe.data);
        free(disk->files[i].cut.data);
        free(disk->files[i].pieces);
    }
    free(disk->files);
    free(disk->changes);
    free(disk->made_hash);
    free(disk);
}

bool disk_step(struct disk *disk)
{
    if (disk->next == disk->log->count)
        return false;
    const struct disk_event *event = &disk->log->events[disk->next];
    struct file *file = &disk->files[event->file];
    switch (event->kind) {
    case DISK_CREATE:
        hash_content(&file->safe);
        /* fallthrough */
    case DISK_FOLDER:
    case DISK_RENAME:
    case DISK_REMOVE:
        disk->changes[disk->change_count++] = disk->next;
        break;
    case DISK_WRITE:
        add_write(file, event);
        break;
    case DISK_RESIZE:
        add_piece(file, NULL, event->size, 0);
        break;
    case DISK_SYNC_FILE:
        sync_file(file);
        break;
    case DISK_SYNC_FOLDER:
        sync_folder(disk, event->name);
        break;
    case DISK_BEGIN:
        disk->begun = event->size;
        break;
    case DISK_DONE:
        disk->done = event->size;
        break;
    }
    disk->next++;
    return true;
}

void disk_commits(const struct disk *disk, uint64_t *done, uint64_t *begun)
{
    *done = disk->done;
    *begun = disk->begun;
}

size_t disk_pending(const struct disk *disk)
{
    size_t pending = disk->change_count;
    for (size_t i = 0; i < disk->cut.count; i++)
        pending += disk->cut.items[i].folder ? 0 : disk->files[disk->cut.items[i].file].count;
    return pending;
}

/* The file of a name in the state picked last. */
static const struct content *content_of(const struct disk *disk, const struct name *name)
{
    const struct file *file = &disk->files[name->file];
    return file->count ? &file->cut : &file->safe;
}

static uint64_t hash_name(const struct disk *disk, const struct name *name)
{
    return name->folder ? 1 : content_of(disk, name)->hash;
}

uint64_t disk_cut(struct disk *disk, uint64_t which, uint64_t *random)
{
    uint64_t hash = 0;
    cut_names(disk, which, random);
    for (size_t i = 0; i < disk->cut.count; i++) {
        const struct name *name = &disk->cut.items[i];
        if (!name->folder && disk->files[name->file].count)
            cut_file(&disk->files[name->file], which, random);
        uint64_t own = hash_name(disk, name);
        hash = hash_bytes(hash, name->name, strlen(name->name));
        hash = hash_bytes(hash, &own, sizeof own);
    }
    return hash;
}

/* ---- Making a state ----------------------------------------------------------------------- */

static void path_in(char path[8000], const char *folder, const char *name)
{
    must(snprintf(path, 8000, "%s/%s", folder, name) < 8000, "a path is too long");
}

static void make_file(const char *path, const struct content *content)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    must(fd >= 0, path);
    for (uint64_t at = 0; at < content->size;) {
        ssize_t wrote = write(fd, content->data + at, content->size - at);
        must(wrote > 0, path);
        at += (uint64_t)wrote;
    }
    must(close(fd) == 0, path);
}

void disk_clear(const char *folder)
{
    char path[8000];
    struct dirent *item;
    DIR *stream = opendir(folder);
    must(stream != NULL, folder);
    while ((item = readdir(stream))) {
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
            continue;
        path_in(path, folder, item->d_name);
        if (unlink(path) != 0) {
            disk_clear(path);
            must(rmdir(path) == 0, path);
        }
    }
    closedir(stream);
}

void disk_make(struct disk *disk, const char *folder, bool afresh)
{
    char path[8000];
    if (afresh) {
        disk_clear(folder);
        disk->made.count = 0;
    }
    for (size_t i = disk->made.count; i-- > 0;) { /* what a folder holds stands behind it */
        const struct name *old = &disk->made.items[i];
        if (find(&disk->cut, old->name))
            continue;
        path_in(path, folder, old->name);
        must((old->folder ? rmdir(path) : unlink(path)) == 0, path);
    }
    for (size_t i = 0; i < disk->cut.count; i++) {
        const struct name *name = &disk->cut.items[i];
        const struct name *old = find(&disk->made, name->name);
        if (old && disk->made_hash[old - disk->made.items] == hash_name(disk, name))
            continue;
        path_in(path, folder, name->name);
        if (name->folder)
            must(mkdir(path, 0700) == 0, path);
        else
            make_file(path, content_of(disk, name));
    }
    disk->made = disk->cut;
    for (size_t i = 0; i < disk->cut.count; i++)
        disk->made_hash[i] = hash_name(disk, &disk->cut.items[i]);
}

/* ---- Comparing with a true folder --------------------------------------------------------- */

static bool same_file(const char *path, const struct content *content)
{
    struct stat info;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    uint8_t *data = need(malloc(content->size + 1));
    bool same = fstat(fd, &info) == 0 && (uint64_t)info.st_size == content->size &&
                read(fd, data, content->size + 1) == (ssize_t)content->size &&
                (content->size == 0 || memcmp(data, content->data, content->size) == 0);
    free(data);
    close(fd);
    return same;
}

static size_t count_names(const char *folder)
{
    char path[8000];
    struct dirent *item;
    size_t count = 0;
    DIR *stream = opendir(folder);
    if (!stream)
        return 0;
    while ((item = readdir(stream))) {
        if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
            continue;
        path_in(path, folder, item->d_name);
        count += 1 + (item->d_type == DT_DIR ? count_names(path) : 0);
    }
    closedir(stream);
    return count;
}

bool disk_equal(const struct disk *disk, const char *folder)
{
    char path[8000];
    for (size_t i = 0; i < disk->cut.count; i++) {
        const struct name *name = &disk->cut.items[i];
        path_in(path, folder, name->name);
        if (name->folder ? access(path, F_OK) != 0 : !same_file(path, content_of(disk, name)))
            return false;
    }
    return count_names(folder) == disk->cut.count;
}
