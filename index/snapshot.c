/* Opens all files of the newest commit. */
#include "index/snapshot.h"

#include "index/deletes.h"

#include <stdlib.h>

enum { ATTEMPTS = 10 };

/* The segment of an earlier snapshot (NULL: none) whose file is the one at `path`; NULL: it has
 * none such. */
static const struct kw_segment *find_segment(const struct kw_snapshot *from, uint64_t number,
                                             const char *path)
{
    bool same;
    for (uint32_t i = 0; from && i < from->manifest.segment_count; i++)
        if (from->manifest.segments[i].number == number &&
            kw_map_is(&from->segments[i]->pages.map, path, &same, NULL) == KW_OK && same)
            return from->segments[i];
    return NULL;
}

static enum kw_status add_segment(struct kw_snapshot *snapshot, uint32_t number,
                                  const struct kw_snapshot *from, struct kw_error *error)
{
    const struct kw_manifest_segment *row = &snapshot->manifest.segments[number];
    char *path = kw_index_file(snapshot->folder, "segment", row->number);
    char *deletes = kw_index_file(snapshot->folder, "deletes", row->deletes);
    struct kw_segment *segment = NULL;
    enum kw_status status = path && deletes ? KW_OK : kw_fail_memory(error);
    const struct kw_segment *old = path ? find_segment(from, row->number, path) : NULL;
    if (!status)
        status = old ? kw_segment_share(&segment, old, error)
                     : kw_segment_new(&segment, path, row->number, error);
    if (!status && row->deletes)
        status = kw_segment_attach_deletes(segment, deletes, error);
    if (!status && (segment->documents != row->documents ||
                    segment->documents - kw_segment_live(segment) != row->deleted)) {
        kw_pages_damage(&segment->pages, NULL, 0, "it is not the segment its commit names");
        status = kw_segment_status(segment, error);
    }
    snapshot->segments[number] = segment;
    free(path);
    free(deletes);
    return status;
}

/* Opens the commit that the manifest is now, sharing with `from` (NULL: nothing); *commit says
 * which that is. */
static enum kw_status try_snapshot(struct kw_snapshot **out, const char *folder,
                                   const struct kw_snapshot *from, uint64_t *commit,
                                   struct kw_error *error)
{
    struct kw_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return kw_fail_memory(error);
    snapshot->folder = kw_path_absolute(folder);
    enum kw_status status =
        snapshot->folder
            ? kw_manifest_init_mapped(&snapshot->manifest, &snapshot->manifest_map, folder, error)
            : kw_fail_memory(error);
    uint32_t count = snapshot->manifest.segment_count;
    *commit = snapshot->manifest.commit;
    if (!status) {
        snapshot->segments = calloc((size_t)count + 1, sizeof(struct kw_segment *));
        status = snapshot->segments ? KW_OK : kw_fail_memory(error);
    }
    for (uint32_t i = 0; i < count && !status; i++)
        status = add_segment(snapshot, i, from, error);
    if (status)
        kw_snapshot_free(snapshot);
    else
        *out = snapshot;
    return status;
}

static enum kw_status open_newest(struct kw_snapshot **out, const char *folder,
                                  const struct kw_snapshot *from, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    *out = NULL;
    /* A commit between reading the manifest and mapping its files may remove some of them; then the
     * manifest has moved on, and reading it again finds all of the newer commit. */
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        struct kw_manifest after;
        uint64_t commit = 0;
        status = try_snapshot(out, folder, from, &commit, error);
        if (status != KW_E_DAMAGED || kw_manifest_init(&after, folder, NULL) != KW_OK)
            return status;
        bool moved = commit != after.commit;
        kw_manifest_release(&after);
        if (!moved)
            return status;
    }
    return status;
}

enum kw_status kw_snapshot_new(struct kw_snapshot **out, const char *folder, struct kw_error *error)
{
    return open_newest(out, folder, NULL, error);
}

enum kw_status kw_snapshot_renew(struct kw_snapshot **out, const struct kw_snapshot *from,
                                 struct kw_error *error)
{
    return open_newest(out, from->folder, from, error);
}

enum kw_status kw_snapshot_changed(const struct kw_snapshot *snapshot, bool *changed,
                                   struct kw_error *error)
{
    bool same;
    enum kw_status status = kw_manifest_is(&snapshot->manifest_map, snapshot->folder, &same, error);
    *changed = !same;
    return status;
}

void kw_snapshot_free(struct kw_snapshot *snapshot)
{
    if (!snapshot)
        return;
    for (uint32_t i = 0; snapshot->segments && i < snapshot->manifest.segment_count; i++)
        kw_segment_free(snapshot->segments[i]);
    free(snapshot->segments);
    kw_manifest_release(&snapshot->manifest);
    kw_map_release(&snapshot->manifest_map);
    free(snapshot->folder);
    free(snapshot);
}

enum kw_status kw_snapshot_find_id(struct kw_snapshot *snapshot, struct kw_view id,
                                   uint32_t *segment, uint32_t *document, struct kw_error *error)
{
    for (uint32_t i = snapshot->manifest.segment_count; i-- > 0;) {
        uint32_t found;
        enum kw_status status = kw_segment_find_id(snapshot->segments[i], id, &found, error);
        if (status == KW_E_NOT_FOUND)
            continue;
        if (status)
            return status;
        if (kw_segment_deleted(snapshot->segments[i], found))
            continue;
        *segment = i;
        *document = found;
        return kw_segment_status(snapshot->segments[i], error);
    }
    return KW_E_NOT_FOUND;
}
