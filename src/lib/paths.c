/* Paths of files, seen from the working directory and from an index. */
#include "lib/paths.h"

#include <stdlib.h>
#include <unistd.h>

/* Whether the last part of a path names a folder by its place ("", "." or ".."). */
static bool is_place(const char *part)
{
    return part[0] == '\0' || strcmp(part, ".") == 0 || strcmp(part, "..") == 0;
}

char *kw_path_resolve(const char *path)
{
    char *whole = NULL;
    char *folder = NULL;
    char *copy = strdup(path);
    if (!copy)
        return NULL;
    for (size_t size = strlen(copy); size > 1 && copy[size - 1] == '/'; size--)
        copy[size - 1] = '\0';
    char *slash = strrchr(copy, '/');
    const char *last = slash ? slash + 1 : copy;
    if (is_place(last)) {
        whole = realpath(copy, NULL);
    } else if (!slash || slash == copy) {
        folder = slash ? strdup("/") : realpath(".", NULL);
    } else {
        *slash = '\0';
        folder = realpath(copy, NULL);
    }
    if (folder)
        whole = kw_path_join(folder, last);
    if (!whole)
        whole = kw_path_absolute(path);
    free(folder);
    free(copy);
    return whole;
}

char *kw_path_name(const char *base, const char *path)
{
    char *resolved = kw_path_resolve(path);
    char *name = resolved ? kw_path_relative(base, resolved) : NULL;
    free(resolved);
    return name;
}

char *kw_path_shown_in(const char *here, const char *base, struct kw_view name)
{
    char *copy = kw_view_string(name);
    char *whole = copy ? kw_path_from(base, copy) : NULL;
    free(copy);
    if (!here || !whole)
        return whole; /* there is no working directory to be relative to */
    char *shown = kw_path_relative(here, whole);
    free(whole);
    return shown;
}

char *kw_path_shown(const char *base, struct kw_view name)
{
    char *here = getcwd(NULL, 0);
    char *shown = kw_path_shown_in(here, base, name);
    free(here);
    return shown;
}

/* Takes "." and leading ".." parts off a name; returns how many of the latter there were. */
static size_t take_ups(struct kw_view *name)
{
    size_t ups = 0;
    if (name->size == 1 && name->data[0] == '.')
        name->size = 0;
    while (name->size >= 2 && name->data[0] == '.' && name->data[1] == '.' &&
           (name->size == 2 || name->data[2] == '/')) {
        size_t part = name->size == 2 ? 2 : 3;
        name->data += part;
        name->size -= part;
        ups++;
    }
    return ups;
}

bool kw_path_below(struct kw_view name, struct kw_view root)
{
    size_t root_ups = take_ups(&root);
    size_t ups = take_ups(&name);
    if (root.size == 0)
        return ups <= root_ups;
    return ups == root_ups && name.size >= root.size &&
           memcmp(name.data, root.data, root.size) == 0 &&
           (name.size == root.size || name.data[root.size] == '/');
}

const char *kw_helpers(void)
{
    return secure_getenv("KWIC_HELPERS");
}
