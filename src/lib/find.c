/* Finds the index that is meant if nobody says which. */
#include "lib/paths.h"
#include "lib/status.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The nearest folder `.kwic` in `folder` or above it, which is cut down to where it was found.
 * KW_E_NO_INDEX (nothing recorded in error) if there is none. */
static enum kw_status find_above(char *folder, char **out, struct kw_error *error)
{
    struct stat info;
    for (;;) {
        char *path = kw_path_join(folder, ".kwic");
        if (!path)
            return kw_fail_memory(error);
        if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            if (info.st_uid == geteuid()) {
                *out = path;
                return KW_OK;
            }
            kw_fail(error, KW_E_NO_INDEX, "the index '%s' belongs to another user", path);
            kw_hint(error, "to use it all the same, name it with '--index %s'", path);
            free(path);
            return KW_E_NO_INDEX;
        }
        free(path);
        char *slash = strrchr(folder, '/');
        if (!slash || folder[1] == '\0')
            break;
        slash[slash == folder ? 1 : 0] = '\0';
    }
    kw_fail(error, KW_E_NO_INDEX, "no index in the working directory or above it");
    kw_hint(error, "make one with 'kwic index PATH', or name one with '--index'");
    return KW_E_NO_INDEX;
}

void kw_hint_inner(struct kw_error *error, const char *where)
{
    char *path = kw_path_join(where, ".kwic");
    char *manifest = path ? kw_path_join(path, "manifest") : NULL;
    if (manifest && access(manifest, F_OK) == 0)
        kw_hint(error, "the index of this folder is '%s'", path);
    free(manifest);
    free(path);
}

enum kwic_status kwic_find_index(char **out, struct kwic_error *error)
{
    struct kw_error inner = KW_ERROR_INIT;
    enum kw_status status;
    char *folder = NULL;
    const char *set = getenv("KWIC_INDEX");
    *out = NULL;
    if (set && *set) {
        *out = strdup(set);
        status = *out ? KW_OK : kw_fail_memory(&inner);
        return kw_publish(status, &inner, error);
    }
    folder = getcwd(NULL, 0);
    if (folder)
        status = find_above(folder, out, &inner);
    else
        status = kw_fail_errno(&inner, "cannot find the working directory");
    free(folder);
    return kw_publish(status, &inner, error);
}
