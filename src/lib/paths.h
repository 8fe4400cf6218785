/* Paths: between what a person types in the working directory and the names that an index holds,
 * which are relative to its base directory. */
#ifndef KW_LIB_PATHS_H
#define KW_LIB_PATHS_H

#include "base/file.h"

/* `path` as an absolute one whose folder is free of symbolic links; its last part is kept as it is,
 * so that a link keeps its name. A path whose folder is not there is made absolute by text alone.
 * The caller frees it; NULL when memory runs out. */
char *kw_path_resolve(const char *path);

/* The name of `path` in an index with the absolute base directory `base`. The caller frees it; NULL
 * when memory runs out. */
char *kw_path_name(const char *base, const char *path);

/* The path of the file `name` of an index, as it can be opened from the working directory. The
 * caller frees it; NULL when memory runs out. */
char *kw_path_shown(const char *base, struct kw_view name);

/* The same from the working directory `here`; NULL: there is none, and the path is absolute. */
char *kw_path_shown_in(const char *here, const char *base, struct kw_view name);

/* Whether the file `name` of an index is `root` or lies below it; both are relative to the base
 * directory, as kw_path_name writes them ("." and ".." are roots above the base directory's files).
 */
bool kw_path_below(struct kw_view name, struct kw_view root);

/* What came from a stream has "/" and the stream's name for its path: no file of an index has an
 * absolute one. */
static inline bool kw_path_is_stream(struct kw_view path)
{
    return path.size && path.data[0] == '/';
}

/* Where `where` could not be opened for it is no index, but a folder with an index in it, as git
 * has
 * `.git`: makes naming that the hint of `error`. */
void kw_hint_inner(struct kw_error *error, const char *where);

/* The folder of the programs and modules that kwic starts and loads, if the caller's environment
 * names one; NULL: the one that was installed. Never asked of the environment of another user. */
const char *kw_helpers(void);

#endif
