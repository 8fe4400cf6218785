/* Keeps sources in memory files while they are read, and in metadata else. */
#include "xapian/pieces.h"

#include "xapian/opening.h"
#include "xapian/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct key {
    char text[40];
};

static struct xc_text key_of(struct key *key, uint64_t piece)
{
    int size =
        snprintf(key->text, sizeof key->text, "%s%llu", KW_SOURCES_KEY, (unsigned long long)piece);
    return (struct xc_text){key->text, (size_t)size};
}

static uint64_t pieces_of(uint64_t bytes)
{
    return (bytes + KW_SOURCES_PIECE - 1) / KW_SOURCES_PIECE;
}

static enum kw_status make_file(int *fd, struct kw_error *error)
{
    *fd = memfd_create("kwic sources", MFD_CLOEXEC);
    return *fd < 0 ? kw_fail_errno(error, "cannot make a file in memory") : KW_OK;
}

/* Maps the file in memory, which messages call `where`. */
static enum kw_status map_file(struct kw_sources *sources, int fd, const char *where,
                               struct kw_error *error)
{
    char path[KW_DESCRIPTOR_PATH];
    struct kw_error inner = KW_ERROR_INIT;
    kw_descriptor_path(fd, path);
    enum kw_status status = kw_sources_init(sources, path, &inner);
    if (status == KW_E_DAMAGED)
        return kw_fail(error, status, "'%s' is damaged: its sources make no sense", where);
    if (status != KW_OK) {
        if (error)
            *error = inner;
        return status;
    }
    char *name = strdup(where);
    if (!name) {
        kw_sources_release(sources);
        return kw_fail_memory(error);
    }
    free(sources->pages.path);
    sources->pages.path = name;
    return KW_OK;
}

/* Writes the pieces into the file. */
static enum kw_status gather(int fd, struct xc_database *database, uint64_t bytes,
                             const char *where, const struct xc_error **failure,
                             struct kw_error *error)
{
    enum kw_status status = KW_OK;
    uint64_t found = 0;
    for (uint64_t i = 0; i < pieces_of(bytes) && status == KW_OK; i++) {
        struct key key;
        struct xc_text piece;
        if (xc_database_metadata(database, key_of(&key, i), &piece) != XC_OK) {
            *failure = xc_database_error(database);
            return kw_xapian_fail(error, *failure, where);
        }
        if (!piece.size)
            break;
        found += piece.size;
        status = kw_write_all(fd, (struct kw_view){(const uint8_t *)piece.data, piece.size}, where,
                              error);
    }
    if (status == KW_OK && found != bytes)
        status = kw_fail(error, KW_E_DAMAGED, "'%s' is damaged: its sources are cut short", where);
    return status;
}

enum kw_status kw_pieces_read(struct kw_sources *sources, struct xc_database *database,
                              uint64_t bytes, const char *where, const struct xc_error **failure,
                              struct kw_error *error)
{
    int fd;
    *failure = NULL;
    enum kw_status status = make_file(&fd, error);
    if (status != KW_OK)
        return status;
    status = gather(fd, database, bytes, where, failure, error);
    if (status == KW_OK)
        status = map_file(sources, fd, where, error);
    close(fd);
    return status;
}

enum kw_status kw_pieces_make(struct kw_sources *sources, const struct kw_source_file *files,
                              size_t file_count, const struct kw_view *roots, size_t root_count,
                              const struct kw_view *gone, size_t gone_count, const char *where,
                              struct kw_error *error)
{
    int fd;
    enum kw_status status = make_file(&fd, error);
    if (status != KW_OK)
        return status;
    status =
        kw_sources_write_memory(fd, files, file_count, roots, root_count, gone, gone_count, error);
    if (status == KW_OK)
        status = map_file(sources, fd, where, error);
    close(fd);
    return status;
}

void kw_pieces_free(struct kw_sources *sources)
{
    if (sources)
        kw_sources_release(sources);
    free(sources);
}

enum xc_status kw_pieces_write(struct xc_database *database, const struct kw_sources *sources,
                               uint64_t before)
{
    const char *data = (const char *)sources->pages.map.view.data;
    size_t left = sources->pages.map.view.size;
    uint64_t count = pieces_of(left);
    enum xc_status status = XC_OK;
    struct key key;
    for (uint64_t i = 0; i < count && status == XC_OK; i++) {
        size_t size = left < KW_SOURCES_PIECE ? left : KW_SOURCES_PIECE;
        status = xc_database_set_metadata(database, key_of(&key, i), (struct xc_text){data, size});
        data += size;
        left -= size;
    }
    for (uint64_t i = count; i < pieces_of(before) && status == XC_OK; i++)
        status = xc_database_set_metadata(database, key_of(&key, i), XC_TEXT(""));
    return status;
}
