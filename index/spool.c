/* Gathers bytes, and spills them into a nameless file. */
#include "index/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { SPILL_BYTES = 4 << 20, COPY_BYTES = 1 << 18 };

enum kw_status kw_spool_init(struct kw_spool *spool, const char *path, struct kw_error *error)
{
    *spool = (struct kw_spool){.path = NULL};
    if (path && !(spool->path = strdup(path)))
        return kw_fail_memory(error);
    return KW_OK;
}

void kw_spool_release(struct kw_spool *spool)
{
    if (spool->file)
        close(spool->file - 1);
    free(spool->path);
    kw_bytes_release(&spool->bytes);
    *spool = (struct kw_spool){.path = NULL};
}

/* Moves what memory holds to the file. */
static enum kw_status spill(struct kw_spool *spool, struct kw_error *error)
{
    if (!spool->file) {
        spool->file = open(spool->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) + 1;
        if (!spool->file)
            return kw_fail_errno(error, "cannot create '%s'", spool->path);
        unlink(spool->path);
    }
    enum kw_status status =
        kw_write_all(spool->file - 1, kw_bytes_view(&spool->bytes), spool->path, error);
    spool->spilled += spool->bytes.size;
    kw_bytes_clear(&spool->bytes);
    return status;
}

enum kw_status kw_spool_relieve(struct kw_spool *spool, struct kw_error *error)
{
    enum kw_status status = kw_bytes_status(&spool->bytes, error);
    if (status || !spool->path || spool->bytes.size < SPILL_BYTES)
        return status;
    return spill(spool, error);
}

enum kw_status kw_spool_map(struct kw_spool *spool, struct kw_map *map, struct kw_view *view,
                            struct kw_error *error)
{
    char path[KW_DESCRIPTOR_PATH];
    enum kw_status status = kw_bytes_status(&spool->bytes, error);
    *map = (struct kw_map)KW_MAP_INIT;
    *view = kw_bytes_view(&spool->bytes);
    if (status || !spool->file)
        return status;
    status = spill(spool, error);
    kw_descriptor_path(spool->file - 1, path);
    if (!status)
        status = kw_map_init(map, path, error);
    *view = map->view;
    return status;
}

/* Appends what was spilled. */
static enum kw_status copy_file(struct kw_spool *spool, struct kw_pages_writer *pages,
                                struct kw_error *error)
{
    enum kw_status status = KW_OK;
    uint8_t *part = malloc(COPY_BYTES);
    if (!part)
        return kw_fail_memory(error);
    for (uint64_t at = 0; at < spool->spilled && !status;) {
        uint64_t left = spool->spilled - at;
        ssize_t got =
            pread(spool->file - 1, part, left < COPY_BYTES ? (size_t)left : COPY_BYTES, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got ? errno : EIO;
            status = kw_fail_errno(error, "cannot read '%s'", spool->path);
            break;
        }
        kw_pages_writer_append(pages, part, (size_t)got);
        at += (uint64_t)got;
    }
    free(part);
    return status;
}

enum kw_status kw_spool_write(struct kw_spool *spool, struct kw_pages_writer *pages,
                              struct kw_error *error)
{
    enum kw_status status = kw_bytes_status(&spool->bytes, error);
    if (!status && spool->spilled)
        status = copy_file(spool, pages, error);
    if (!status)
        kw_pages_writer_append(pages, spool->bytes.data, spool->bytes.size);
    return status;
}
