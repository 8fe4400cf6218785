/* A snapshot: one commit of an index, as a reader holds it. Later commits do not change it, and no
 * lock is taken. */
#ifndef KW_INDEX_SNAPSHOT_H
#define KW_INDEX_SNAPSHOT_H

#include "index/manifest.h"
#include "index/segment.h"

struct kw_snapshot {
    char *folder; /* the index's, absolute */
    struct kw_manifest manifest;
    struct kw_map manifest_map;   /* its file */
    struct kw_segment **segments; /* manifest.segment_count of them, in order */
};

/* Opens the newest commit of the index in `folder`. KW_E_NO_INDEX ("no index in '…'" or "'…' is not
 * a kwic index"), KW_E_VERSION, KW_E_DAMAGED, KW_E_IO. *out is NULL on failure. */
enum kw_status kw_snapshot_new(struct kw_snapshot **out, const char *folder,
                               struct kw_error *error);
/* Opens the newest commit of the index that an older snapshot is of: with its segments that are
 * still there, of which both share what is mapped and verified; the older one stays as it is, and
 * each is freed by itself. Errors as kw_snapshot_new. */
enum kw_status kw_snapshot_renew(struct kw_snapshot **out, const struct kw_snapshot *from,
                                 struct kw_error *error);
/* Whether the index has had a commit since, by one stat. Errors as kw_manifest_is. */
enum kw_status kw_snapshot_changed(const struct kw_snapshot *snapshot, bool *changed,
                                   struct kw_error *error);
void kw_snapshot_free(struct kw_snapshot *snapshot); /* accepts NULL */

/* Finds the live document with this id: its segment's place in the snapshot and its number there.
 * KW_OK, KW_E_NOT_FOUND (nothing recorded in error), KW_E_DAMAGED. */
enum kw_status kw_snapshot_find_id(struct kw_snapshot *snapshot, struct kw_view id,
                                   uint32_t *segment, uint32_t *document, struct kw_error *error);

#endif
