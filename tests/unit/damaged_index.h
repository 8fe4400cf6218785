/* An index with all there is to be damaged, damages to it, and what it holds as a list: for the
 * tests of repair. */
#ifndef DAMAGED_INDEX_H
#define DAMAGED_INDEX_H

#include "tests/unit/library_scratch.h"

#include <dirent.h>
#include <fcntl.h>

enum { MOST = 1000, MOST_FILES = 32, QUERIES = 4 };

/* ---- What an index holds ------------------------------------------------------------------ */

struct item {
    char id[32];
    uint64_t digest; /* of all that is stored of it */
};

struct items {
    struct item items[MOST];
    size_t count;
};

static struct items before;  /* that were live before the damage */
static struct items deleted; /* that had been deleted or replaced */

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *at = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 0x100000001B3;
    return hash ^ hash >> 31;
}

static uint64_t mix_text(uint64_t hash, struct kwic_text text)
{
    hash = mix(hash, &text.size, sizeof text.size);
    return mix(hash, text.data, text.size);
}

static uint64_t digest_of(struct kwic_index *index, struct kwic_text id)
{
    struct kwic_document *document;
    struct kwic_document_info info;
    struct kwic_text text;
    assert_int_equal(kwic_document_new(&document, index, id, true, NULL), KWIC_OK);
    kwic_document_info(document, &info);
    uint64_t hash = mix_text(mix_text(mix_text(1, info.path), info.title), info.language);
    hash = mix(mix(hash, &info.words, sizeof info.words), &info.line, sizeof info.line);
    for (size_t i = 0; i < info.field_count; i++)
        hash = mix_text(mix_text(hash, info.fields[i].name), info.fields[i].value);
    if (info.passages) {
        assert_int_equal(kwic_document_text(document, 0, info.passages, &text, NULL), KWIC_OK);
        hash = mix_text(hash, text);
    }
    kwic_document_free(document);
    return hash;
}

/* Fills `items` with all that the index holds, and *scores with what searches find, to the bit. */
static void read_index(const char *where, struct items *items, uint64_t *scores)
{
    static const char *const queries[QUERIES] = {"-nowhere", "apple pear \"plum cherry\" size:>0",
                                                 "year:>=1995 quince title:medlar",
                                                 "tags:red date:>=2001 ext:md"};
    struct kwic_index *index = scratch_open(where);
    items->count = 0;
    *scores = 1;
    for (size_t i = 0; i < QUERIES; i++) {
        struct kwic_search_options options = KWIC_SEARCH_OPTIONS_INIT;
        struct kwic_results *results;
        struct kwic_result result;
        options.limit = MOST;
        options.documents = true;
        assert_int_equal(kwic_search(&results, index, KWIC_TEXT(queries[i]), &options, NULL),
                         KWIC_OK);
        while (kwic_results_next(results, &result, NULL) == KWIC_OK) {
            *scores = mix_text(mix(*scores, &result.score, sizeof result.score), result.doc);
            if (i > 0)
                continue;
            assert_true(items->count < MOST && result.doc.size < 32);
            struct item *item = &items->items[items->count++];
            snprintf(item->id, sizeof item->id, "%.*s", (int)result.doc.size, result.doc.data);
            item->digest = digest_of(index, result.doc);
        }
        kwic_results_free(results);
    }
    kwic_index_free(index);
}

static bool has(const struct items *items, const struct item *item)
{
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->items[i].id, item->id) == 0 && items->items[i].digest == item->digest)
            return true;
    return false;
}

static const struct item *find(const struct items *items, const char *id)
{
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->items[i].id, id) == 0)
            return &items->items[i];
    return NULL;
}

/* ---- An index with all there is ----------------------------------------------------------- */

static uint64_t seed;

static uint64_t random_below(uint64_t limit)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (seed >> 33) % limit;
}

/* Writes some words to the file. */
static void write_words(FILE *file, uint64_t count)
{
    static const char *const words[] = {"apple",  "pear",  "plum cherry", "quince",
                                        "medlar", "grape", "sloe",        "rowan"};
    for (uint64_t i = 0; i < count; i++)
        fprintf(file, i % 7 ? " %s%d" : " %s", words[random_below(8)], (int)random_below(900));
}

static void write_files(int first, int count)
{
    char name[32];
    for (int i = first; i < first + count; i++) {
        snprintf(name, sizeof name, "src/f%03d.%s", i, i % 3 ? "txt" : "md");
        FILE *file = fopen(name, "w");
        assert_non_null(file);
        if (i % 3 == 0)
            fprintf(file, "---\ntags: [red, t%d, 7]\nmade: 20%02d-01-01\n---\n# Medlar %d\n", i,
                    i % 30, i);
        write_words(file, i % 17 ? random_below(500) : 0);
        fclose(file);
    }
}

static void write_records(const char *name, const char *prefix, int count)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    for (int i = 0; i < count; i++) {
        fprintf(file,
                "{\"id\":\"%s%d\",\"title\":\"medlar %d\",\"year\":%d,\"tags\":[\"red\",%d.5,true],"
                "\"more\":{\"a\":[1,null]},\"note\":\"sloe %d\",\"text\":\"",
                prefix, i, i, 1990 + i % 20, i, i);
        write_words(file, random_below(300));
        fputs("\"}\n", file);
    }
    fclose(file);
}

static void add_stream(const char *name)
{
    struct kwic_index_options options = {.no_sync = true};
    struct kwic_writer *writer;
    int fd = open(name, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(kwic_writer_new(&writer, ".kwic", &options, NULL), KWIC_OK);
    assert_int_equal(kwic_writer_add_stream(writer, fd, "in.jsonl", NULL), KWIC_OK);
    assert_int_equal(kwic_writer_commit(writer, NULL), KWIC_OK);
    kwic_writer_free(writer);
    close(fd);
}

static void make_index(const char *store)
{
    static const char *const gone[] = {"src/f004.txt", "src/f021.md", "a3", "a50", "b7", "s9"};
    struct kwic_index_options options = {.no_sync = true, .store = store};
    uint64_t scores;
    static struct items all;
    seed = 7;
    deleted.count = 0;
    mkdir("src", 0777);
    write_files(0, 60);
    scratch_run("src", &options);
    write_records("src/a.jsonl", "a", 90);
    scratch_run("src", NULL);
    write_records("src/b.jsonl", "b", 90);
    read_index(".kwic", &all, &scores);
    for (size_t i = 0; i < all.count; i++)
        if (strncmp(all.items[i].id, "src/f01", 7) == 0 && all.items[i].id[7] < '5')
            deleted.items[deleted.count++] = all.items[i];
    write_files(10, 5); /* changed */
    write_records("in.jsonl", "s", 60);
    scratch_run("src", NULL);
    add_stream("in.jsonl");
    read_index(".kwic", &all, &scores);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        deleted.items[deleted.count++] = *find(&all, gone[i]);
        scratch_delete(gone[i]);
    }
}

/* ---- Its files ---------------------------------------------------------------------------- */

static struct {
    char name[64];
    uint8_t *data;
    size_t size;
} files[MOST_FILES];
static size_t file_count;

static void read_files(void)
{
    struct dirent *item;
    DIR *stream = opendir(".kwic");
    assert_non_null(stream);
    while ((item = readdir(stream))) {
        struct stat info;
        if (item->d_name[0] == '.' || strcmp(item->d_name, "lock") == 0)
            continue;
        assert_true(file_count < MOST_FILES);
        snprintf(files[file_count].name, sizeof files[0].name, "%.60s", item->d_name);
        int fd = openat(dirfd(stream), item->d_name, O_RDONLY);
        assert_true(fd >= 0 && fstat(fd, &info) == 0);
        files[file_count].size = (size_t)info.st_size;
        files[file_count].data = malloc(files[file_count].size);
        assert_int_equal(read(fd, files[file_count].data, files[file_count].size), info.st_size);
        close(fd);
        file_count++;
    }
    closedir(stream);
}

static void put_file(const char *folder, size_t number, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, files[number].name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(files[number].data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Makes the folder hold the index as it was. */
static void put_index(const char *folder)
{
    struct dirent *item;
    mkdir(folder, 0777);
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    while ((item = readdir(stream)))
        if (item->d_name[0] != '.')
            unlinkat(dirfd(stream), item->d_name, 0);
    closedir(stream);
    for (size_t i = 0; i < file_count; i++)
        put_file(folder, i, files[i].size);
}

/* Overwrites a few or many bytes of a file. */
static void scribble(size_t number, size_t at, size_t size)
{
    char path[128];
    uint8_t noise[20000];
    if (size > files[number].size - at)
        size = files[number].size - at;
    snprintf(path, sizeof path, ".kwic/%s", files[number].name);
    for (size_t i = 0; i < size; i++)
        noise[i] = files[number].data[at + i] ^ (uint8_t)(1 + random_below(255));
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0 && pwrite(fd, noise, size, (off_t)at) == (ssize_t)size);
    close(fd);
}

static bool is_kind(size_t number, const char *kind)
{
    return strncmp(files[number].name, kind, strlen(kind)) == 0;
}

/* Damages one file but the manifest in some way; returns it. */
static size_t damage(void)
{
    static const size_t most[] = {1, 1, 100, 5000, 20000};
    char path[128];
    size_t number;
    do
        number = random_below(file_count);
    while (is_kind(number, "manifest"));
    size_t at = random_below(files[number].size);
    snprintf(path, sizeof path, ".kwic/%s", files[number].name);
    switch (random_below(16)) {
    case 0:
        unlink(path);
        break;
    case 1:
        put_file(".kwic", number, at);
        break;
    case 2: /* another file of the index */
        unlink(path);
        snprintf(path, sizeof path, ".kwic/%s", files[number].name);
        for (size_t i = 0; i < file_count; i++)
            if (i != number && files[i].name[0] == files[number].name[0]) {
                FILE *file = fopen(path, "w");
                fwrite(files[i].data, 1, files[i].size, file);
                fclose(file);
            }
        break;
    default:
        if (access(path, F_OK) == 0)
            scribble(number, at, 1 + random_below(most[random_below(5)]));
    }
    return number;
}

#endif
