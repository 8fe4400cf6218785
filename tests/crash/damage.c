/* Damages an index, byte by byte: `kwic check` finds it, and a search gives the right answer or
 * says that the index is damaged.
 *
 *   damage [STEP]
 *
 * flips every STEP-th byte of each file (101), cuts each file short at every STEP-th length, and
 * makes a million/STEP damages of more than one byte. With 1 it is every byte and every length. */
#include "lib/kwic.h"
#include "tests/crash/contents.h"
#include "tests/crash/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FILES = 64, MOST_SECONDS = 60, SHOWN = 5 };

struct one_file {
    char path[300];
    uint8_t *data;
    size_t size;
};

static char folder[200]; /* of the index */

static struct {
    struct one_file files[MOST_FILES];
    size_t count;
    uint64_t digest;
    uint64_t tried, wrong;
} all;

static void must(bool held, const char *what)
{
    if (!held) {
        fprintf(stderr, "damage: %s\n", what);
        exit(1);
    }
}

/* ---- An index that has everything: segments, deletes, fields, pairs of frequent words ------ */

static void write_records(uint64_t first, uint64_t count, uint64_t *random)
{
    static const char *const words[] = {"the",  "of",     "apple",  "pear",
                                        "plum", "cherry", "medlar", "quince"};
    FILE *file = fopen("records.jsonl", "w");
    must(file != NULL, "cannot write records");
    for (uint64_t i = first; i < first + count; i++) {
        fprintf(file, "{\"id\":\"%d\",\"title\":\"%s\",\"year\":%d,\"text\":\"w%d", (int)i,
                words[i % 8], 1990 + (int)(i % 20), (int)(disk_random(random) % 100));
        for (uint64_t j = disk_random(random) % 40; j > 0; j--)
            fprintf(file, " %s", words[disk_random(random) % (1 + disk_random(random) % 8)]);
        fputs("\"}\n", file);
    }
    must(fclose(file) == 0, "cannot write records");
}

static void make_index(void)
{
    struct kwic_error error = {0};
    struct kwic_index_options options = {.no_sync = true, .replace = true};
    uint64_t random = 5;
    char id[20];
    for (uint64_t i = 0; i < 3; i++) {
        struct kwic_writer *writer = NULL;
        write_records(i * 400, 150, &random);
        enum kwic_status status = kwic_writer_new(&writer, folder, &options, &error);
        if (status == KWIC_OK)
            status = kwic_writer_add_path(writer, "records.jsonl", &error);
        snprintf(id, sizeof id, "%d", (int)(i * 400 + 7));
        if (status == KWIC_OK)
            status = kwic_writer_commit(writer, &error);
        if (status == KWIC_OK)
            status = kwic_writer_delete(writer, KWIC_TEXT(id), true, &error);
        if (status == KWIC_OK)
            status = kwic_writer_commit(writer, &error);
        kwic_writer_free(writer);
        must(status == KWIC_OK, error.message);
    }
    must(crash_digest(folder, &all.digest, &error) == KWIC_OK, error.message);
}

static void read_files(void)
{
    struct dirent *item;
    struct stat info;
    DIR *stream = opendir(folder);
    must(stream != NULL, folder);
    while ((item = readdir(stream))) {
        if (item->d_name[0] == '.' || strcmp(item->d_name, "lock") == 0)
            continue;
        struct one_file *file = &all.files[all.count++];
        must(all.count < MOST_FILES, "too many files");
        must(snprintf(file->path, sizeof file->path, "%s/%s", folder, item->d_name) <
                 (int)sizeof file->path,
             "a path is too long");
        int fd = open(file->path, O_RDONLY);
        must(fd >= 0 && fstat(fd, &info) == 0, file->path);
        file->size = (size_t)info.st_size;
        file->data = malloc(file->size);
        must(file->data && read(fd, file->data, file->size) == (ssize_t)file->size, file->path);
        close(fd);
    }
    closedir(stream);
}

/* ---- Damages ------------------------------------------------------------------------------ */

static void write_bytes(const struct one_file *file, const uint8_t *data, size_t size, size_t at)
{
    int fd = open(file->path, O_WRONLY);
    must(fd >= 0 && pwrite(fd, data, size, (off_t)at) == (ssize_t)size && close(fd) == 0,
         file->path);
}

/* Looks at the index as it is, and counts it as wrong if damage is not found, or an answer is. */
static void look(const struct one_file *file, const char *what, size_t at)
{
    struct kwic_error error = {0};
    uint64_t digest = 0;
    alarm(MOST_SECONDS);
    enum kwic_status checked = kwic_check(folder, NULL, NULL, &error);
    enum kwic_status searched = crash_search_digest(folder, &digest, &error);
    alarm(0);
    all.tried++;
    bool answered = searched == KWIC_OK && digest == all.digest;
    if (checked == KWIC_E_DAMAGED && (answered || searched == KWIC_E_DAMAGED))
        return;
    if (all.wrong++ < SHOWN)
        fprintf(stderr, "damage: %s at %zu of '%s': check %s, search %s: %s\n", what, at,
                file->path, kwic_status_name(checked),
                searched == KWIC_OK && !answered ? "WRONG" : kwic_status_name(searched),
                error.message);
}

static void flip(const struct one_file *file, size_t at, uint64_t *random)
{
    uint8_t byte = file->data[at] ^ (uint8_t)(1 + disk_random(random) % 255);
    write_bytes(file, &byte, 1, at);
    look(file, "a byte flipped", at);
    write_bytes(file, file->data + at, 1, at);
}

static void cut(const struct one_file *file, size_t size)
{
    must(truncate(file->path, (off_t)size) == 0, file->path);
    look(file, "cut short", size);
    write_bytes(file, file->data + size, file->size - size, size);
}

/* Zeros, noise, or bytes of elsewhere in place of a run of them. */
static void scribble(const struct one_file *file, uint64_t *random)
{
    static const size_t most[] = {4, 64, 512, 4096, 20000};
    uint8_t run[20000];
    size_t size = 2 + disk_random(random) % most[disk_random(random) % 5];
    if (size > sizeof run)
        size = sizeof run;
    if (size > file->size / 2)
        size = file->size / 2;
    size_t at = disk_random(random) % (file->size - size + 1);
    uint64_t kind = disk_random(random) % 3;
    const struct one_file *other = &all.files[disk_random(random) % all.count];
    for (size_t i = 0; i < size; i++)
        run[i] = kind == 0   ? 0
                 : kind == 1 ? (uint8_t)disk_random(random)
                             : other->data[(at / 4096 * 4096 + 8192 + i) % other->size];
    if (memcmp(run, file->data + at, size) == 0)
        return;
    write_bytes(file, run, size, at);
    look(file, "bytes overwritten", at);
    write_bytes(file, file->data + at, size, at);
}

static bool report(const char *what)
{
    bool good = all.tried > 0 && all.wrong == 0;
    printf("%s: %d, %d wrong\n", what, (int)all.tried, (int)all.wrong);
    all.tried = all.wrong = 0;
    return good;
}

int main(int count, char **arguments)
{
    char root[] = "/tmp/kwic-damage-XXXXXX";
    size_t step = count > 1 ? strtoull(arguments[1], NULL, 10) : 101;
    uint64_t random = 3;
    must(step > 0 && mkdtemp(root) && chdir(root) == 0, "cannot make a folder");
    snprintf(folder, sizeof folder, "%s/index", root);
    make_index();
    read_files();
    for (size_t i = 0; i < all.count; i++)
        for (size_t at = i % step; at < all.files[i].size; at += step)
            flip(&all.files[i], at, &random);
    int passed = report("bytes flipped");
    for (size_t i = 0; i < all.count; i++)
        for (size_t at = 0; at < all.files[i].size; at += step)
            cut(&all.files[i], at);
    passed += report("files cut short");
    for (size_t i = 0; i < 1000000 / step && i < 10000; i++)
        scribble(&all.files[disk_random(&random) % all.count], &random);
    passed += report("runs of bytes overwritten");
    struct kwic_error error = {0};
    uint64_t digest;
    must(crash_digest(folder, &digest, &error) == KWIC_OK && digest == all.digest,
         "the index is not what it was");
    for (size_t i = 0; i < all.count; i++)
        free(all.files[i].data);
    must(chdir("/") == 0, "cannot leave");
    disk_clear(root);
    rmdir(root);
    printf("%d passed, %d failed, 0 skipped\n", passed, 3 - passed);
    return passed != 3;
}
