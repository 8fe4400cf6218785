/* A walk that runs ahead of whoever reads the files: a thread lists folders, and a few more open
 * the files to come and ask the system to read them, so that a tree that is not in memory is read
 * as fast as the disk gives it. Only memory of the system is filled: files are found in the order
 * of the walk, and read by the caller as ever. */
#ifndef KW_INGEST_AHEAD_H
#define KW_INGEST_AHEAD_H

#include "ingest/source.h"

struct kw_ahead;

/* Begins a walk as kw_walk_new does; `threads` (0: none) read ahead, besides the one that walks.
 * `options->warn` is called by kw_ahead_new and kw_ahead_next alone. KW_E_MEMORY too. */
enum kw_status kw_ahead_new(struct kw_ahead **out, const char *root,
                            const struct kw_walk_options *options, unsigned threads,
                            struct kw_error *error);
void kw_ahead_free(struct kw_ahead *ahead); /* accepts NULL */

/* As kw_walk_next: the same files in the same order. KW_E_MEMORY. */
enum kw_status kw_ahead_next(struct kw_ahead *ahead, const char **path, struct kw_error *error);

/* Tells whether the file given last was read: after some that were not, none are read ahead until
 * one is again. */
void kw_ahead_tell(struct kw_ahead *ahead, bool read);

/* As kw_walk_unreadable; 0 while the walk is still running. */
uint64_t kw_ahead_unreadable(struct kw_ahead *ahead);

#endif
