/* The writer's lock, the publication of a commit, and the sweep of what no commit names. */
#include "index/commit.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_POLL_MS = 50 };

enum kw_status kw_lock_init(int *fd, const char *folder, double wait, struct kw_error *error)
{
    *fd = -1;
    char *path = kw_path_join(folder, "lock");
    if (!path)
        return kw_fail_memory(error);
    enum kw_status status = KW_OK;
    int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0) {
        status = kw_fail_errno(error, "cannot open '%s'", path);
        goto done;
    }
    while (flock(opened, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK) {
            status = kw_fail_errno(error, "cannot lock '%s'", path);
            goto done;
        }
        if (wait <= 0) {
            status = kw_fail(error, KW_E_LOCKED, "index '%s' is locked by another writer", folder);
            kw_hint(error, "--wait SECONDS waits for it");
            goto done;
        }
        struct timespec pause = {0, LOCK_POLL_MS * 1000000L};
        nanosleep(&pause, NULL);
        wait -= LOCK_POLL_MS / 1000.0;
    }
    *fd = opened;
    opened = -1;
done:
    if (opened >= 0)
        close(opened);
    free(path);
    return status;
}

void kw_lock_release(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Whether the manifest names the numbered file `name`, or `name` is no numbered file of an index.
 */
static bool kept(const struct kw_manifest *manifest, const char *name)
{
    const char *dash = strchr(name, '-');
    if (!dash)
        return true;
    size_t kind = (size_t)(dash - name);
    char *end;
    uint64_t number = strtoull(dash + 1, &end, 10);
    if (*end || end == dash + 1)
        return true;
    if (kind == 7 && memcmp(name, "sources", kind) == 0)
        return number == manifest->sources;
    bool segment = kind == 7 && memcmp(name, "segment", kind) == 0;
    bool deletes = kind == 7 && memcmp(name, "deletes", kind) == 0;
    for (uint32_t i = 0; i < manifest->segment_count; i++)
        if ((segment && manifest->segments[i].number == number) ||
            (deletes && manifest->segments[i].deletes == number))
            return true;
    return !segment && !deletes;
}

enum kw_status kw_commit_sweep(const struct kw_manifest *manifest, const char *folder,
                               struct kw_error *error)
{
    DIR *listing = opendir(folder);
    if (!listing)
        return kw_fail_errno(error, "cannot list '%s'", folder);
    struct dirent *entry;
    while ((entry = readdir(listing)))
        if (!kept(manifest, entry->d_name))
            unlinkat(dirfd(listing), entry->d_name, 0);
    closedir(listing);
    return KW_OK;
}

enum kw_status kw_commit(const struct kw_manifest *manifest, const char *folder, bool sync,
                         struct kw_error *error)
{
    enum kw_status status = sync ? kw_folder_sync(folder, error) : KW_OK;
    if (!status && sync && manifest->commit == 1)
        status = kw_folder_sync_name(folder, error);
    if (!status)
        status = kw_manifest_write(manifest, folder, sync, error);
    if (!status)
        kw_commit_sweep(manifest, folder, NULL); /* what stays is swept by the next writer */
    return status;
}
