/* A scratch folder for the tests of src/ingest: made, filled with files, and removed again. */
#ifndef INGEST_SCRATCH_H
#define INGEST_SCRATCH_H

#include "base/file.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
    char root[64];
};

static inline void scratch_make(struct scratch *scratch)
{
    snprintf(scratch->root, sizeof scratch->root, "/tmp/kwic-test-XXXXXX");
    assert_non_null(mkdtemp(scratch->root));
}

/* Writes `size` bytes to root/name and makes the folders on the way. Returns the path, which the
 * caller frees. */
static inline char *scratch_write(const struct scratch *scratch, const char *name, const void *data,
                                  size_t size)
{
    char *path = kw_path_join(scratch->root, name);
    assert_non_null(path);
    for (char *slash = path + strlen(scratch->root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    struct kw_view view = {data, size};
    assert_int_equal(kw_file_write(path, view, false, NULL), KW_OK);
    return path;
}

static inline void scratch_text(const struct scratch *scratch, const char *name, const char *text)
{
    free(scratch_write(scratch, name, text, strlen(text)));
}

static inline int scratch_remove_one(const char *path, const struct stat *info, int kind,
                                     struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void scratch_remove(struct scratch *scratch)
{
    nftw(scratch->root, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
