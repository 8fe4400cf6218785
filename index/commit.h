/* Commits: the lock that lets one writer in, and the publication of a new manifest. */
#ifndef KW_INDEX_COMMIT_H
#define KW_INDEX_COMMIT_H

#include "index/manifest.h"

/* Takes the writer's lock of the index in `folder` (a kernel lock on the file `lock`, which dies
 * with its process), waiting up to `wait` seconds. *fd holds it until kw_lock_release. KW_E_LOCKED
 * ("index '…' is locked by another writer"), KW_E_IO. */
enum kw_status kw_lock_init(int *fd, const char *folder, double wait, struct kw_error *error);
void kw_lock_release(int *fd); /* accepts -1; *fd is -1 afterwards */

/* Publishes `manifest` as the next commit (its number must be one more than the one on disk): all
 * files it names must be written and synced. Syncs the folder (before the first commit also the
 * one that holds it), writes the manifest, then removes the files that no commit names any more
 * (readers that map them keep them). */
enum kw_status kw_commit(const struct kw_manifest *manifest, const char *folder, bool sync,
                         struct kw_error *error);

/* Removes the files of an interrupted writer: numbered files the manifest does not name. Only with
 * the lock held. */
enum kw_status kw_commit_sweep(const struct kw_manifest *manifest, const char *folder,
                               struct kw_error *error);

#endif
