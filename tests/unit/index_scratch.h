/* A folder of its own for a test of index/, and whole files read and written. */
#ifndef KW_TESTS_INDEX_SCRATCH_H
#define KW_TESTS_INDEX_SCRATCH_H

#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct scratch {
    char folder[32];
    char path[320]; /* what scratch_path gave last */
};

static inline void scratch_init(struct scratch *scratch)
{
    strcpy(scratch->folder, "/tmp/kwic-index-XXXXXX");
    assert_non_null(mkdtemp(scratch->folder));
}

/* The path of `name` in the folder; valid until the next call. */
static inline const char *scratch_path(struct scratch *scratch, const char *name)
{
    snprintf(scratch->path, sizeof scratch->path, "%s/%s", scratch->folder, name);
    return scratch->path;
}

/* Whether the folder has a file `name`. */
static inline bool scratch_has(struct scratch *scratch, const char *name)
{
    return access(scratch_path(scratch, name), F_OK) == 0;
}

/* Removes the folder and all files in it. */
static inline void scratch_release(struct scratch *scratch)
{
    DIR *listing = opendir(scratch->folder);
    struct dirent *entry;
    assert_non_null(listing);
    while ((entry = readdir(listing)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(listing), entry->d_name, 0);
    closedir(listing);
    assert_int_equal(rmdir(scratch->folder), 0);
}

/* A whole file; the caller releases it. */
static inline struct kw_bytes scratch_read(struct scratch *scratch, const char *name)
{
    struct kw_bytes bytes = KW_BYTES_INIT;
    struct kw_map map;
    assert_int_equal(kw_map_init(&map, scratch_path(scratch, name), NULL), KW_OK);
    kw_bytes_append_view(&bytes, map.view);
    kw_map_release(&map);
    return bytes;
}

static inline void scratch_write(struct scratch *scratch, const char *name, struct kw_view bytes)
{
    assert_int_equal(kw_file_write(scratch_path(scratch, name), bytes, false, NULL), KW_OK);
}

/* The same random numbers on every run (xorshift64*, Vigna). */
static inline uint32_t scratch_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)(*state * 0x2545F4914F6CDD1DU >> 33);
}

static inline uint32_t scratch_below(uint64_t *state, uint32_t limit)
{
    return scratch_random(state) % limit;
}

#endif
