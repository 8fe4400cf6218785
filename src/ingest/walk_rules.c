/* Which files and folders a walk visits: the rules of ignore files on the way, hidden names, and
 * the globs to include and to exclude. */
#include "base/file.h"
#include "ingest/walk_parts.h"
#include "ingest/warn.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static struct kw_view view_from(const struct kw_bytes *bytes, size_t from)
{
    return (struct kw_view){bytes->data + from, bytes->size - from};
}

void kw_walk_cannot_read(struct kw_walk *walk, const char *what, const char *path)
{
    char cause[128];
    kw_warn(walk->options.warn, walk->options.context, "cannot read %s '%s': %s", what, path,
            strerror_r(errno, cause, sizeof cause));
}

/* Reads the rules of `folder_path`/`name` if that is a regular file. One that cannot be read is
 * warned of. */
static enum kw_status read_rules(struct kw_walk *walk, const char *folder_path, const char *name,
                                 struct kw_ignore *rules, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    struct kw_map map = KW_MAP_INIT;
    struct stat info;
    char *path = kw_path_join(folder_path, name);
    if (!path)
        return kw_fail_memory(error);
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        if (kw_map_init(&map, path, NULL) == KW_OK) {
            status = kw_ignore_parse(rules, map.view, error);
            rules->path = path;
            path = NULL;
        } else {
            kw_walk_cannot_read(walk, "ignore file", path);
        }
    }
    kw_map_release(&map);
    free(path);
    return status;
}

enum kw_status kw_walk_read_rules(struct kw_walk *walk, const char *path,
                                  struct kw_walk_folder *folder, struct kw_error *error)
{
    enum kw_status status = read_rules(walk, path, ".gitignore", &folder->git_rules, error);
    if (status == KW_OK)
        status = read_rules(walk, path, ".ignore", &folder->own_rules, error);
    return status;
}

/* Finds the rule of all ignore files on the way that decides on walk->place; judgement->rule is
 * NULL if none speaks of it. */
static void find_rule(const struct kw_walk *walk, bool is_folder, struct kw_judgement *judgement)
{
    for (size_t i = walk->count; i-- > 0 && !judgement->rule;) {
        const struct kw_walk_folder *folder = &walk->items[i];
        judgement->rules = &folder->own_rules;
        judgement->rule =
            kw_ignore_find(&folder->own_rules, view_from(&walk->place, folder->place), is_folder);
    }
    for (size_t i = walk->count; i-- > 0 && !judgement->rule;) {
        const struct kw_walk_folder *folder = &walk->items[i];
        judgement->rules = &folder->git_rules;
        judgement->rule =
            kw_ignore_find(&folder->git_rules, view_from(&walk->place, folder->place), is_folder);
        if (folder->repository)
            break;
    }
}

/* Whether the name is one that no option makes visible. */
static bool never_visited(const char *name, bool folder)
{
    static const char *const names[] = {".git", ".hg", ".svn", ".bzr", ".kwic", "_darcs", "CVS"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return folder || name[0] == '.';
    }
    return false;
}

struct kw_judgement kw_walk_judge(const struct kw_walk *walk, const char *name, bool folder)
{
    struct kw_view relative = view_from(&walk->place, walk->root_place);
    struct kw_judgement judgement = {.refusal = KW_REFUSAL_NEVER};
    if (never_visited(name, folder))
        return judgement;
    if (!walk->options.no_ignore)
        find_rule(walk, folder, &judgement);
    judgement.refusal = KW_REFUSAL_IGNORED;
    if (judgement.rule && !judgement.rule->kept)
        return judgement;
    bool kept = judgement.rule;
    judgement = (struct kw_judgement){.refusal = KW_REFUSAL_HIDDEN};
    if (name[0] == '.' && !walk->options.hidden && !kept)
        return judgement;
    judgement.refusal = KW_REFUSAL_EXCLUDED;
    judgement.rule = kw_ignore_find(&walk->exclude, relative, folder);
    if (judgement.rule)
        return judgement;
    bool wanted = folder || !walk->include.count ||
                  kw_ignore_match(&walk->include, relative, false) != KW_VERDICT_NONE;
    judgement.refusal = wanted ? KW_REFUSAL_NONE : KW_REFUSAL_NOT_INCLUDED;
    return judgement;
}

/* ---- Folders above the root ----------------------------------------------------------------- */

static bool has_git(const char *folder)
{
    struct stat info;
    char *path = kw_path_join(folder, ".git");
    bool found = path && lstat(path, &info) == 0;
    free(path);
    return found;
}

/* Adds the rules of one folder above the root, whose path is `path`. */
static enum kw_status push_parent(struct kw_walk *walk, const char *path, size_t place,
                                  struct kw_error *error)
{
    if (!kw_grow(walk, walk->count + 1))
        return kw_fail_memory(error);
    struct kw_walk_folder *folder = &walk->items[walk->count++];
    *folder = (struct kw_walk_folder){.names = KW_BYTES_INIT, .place = place};
    return kw_walk_read_rules(walk, path, folder, error);
}

enum kw_status kw_walk_read_parents(struct kw_walk *walk, const char *root, struct kw_error *error)
{
    enum kw_status status = KW_OK;
    char *path = realpath(root, NULL);
    char *top = path ? strdup(path) : NULL;
    if (!top) {
        status = kw_fail_errno(error, "cannot resolve '%s'", root);
        goto done;
    }
    while (!has_git(top)) {
        char *slash = strrchr(top, '/');
        if (!slash || top[1] == '\0')
            goto done;
        slash[slash == top ? 1 : 0] = '\0';
    }
    if (strcmp(top, path) == 0)
        goto done;
    size_t base = strlen(top) == 1 ? 1 : strlen(top) + 1;
    size_t size = strlen(path);
    for (size_t at = base; at <= size && status == KW_OK; at += strcspn(path + at, "/") + 1) {
        char *parent = strndup(path, at > 1 ? at - 1 : 1);
        status = parent ? push_parent(walk, parent, at - base, error) : kw_fail_memory(error);
        free(parent);
    }
    if (size > base) {
        kw_bytes_append(&walk->place, path + base, size - base);
        kw_bytes_append_byte(&walk->place, '/');
    }
    if (status == KW_OK)
        status = kw_bytes_status(&walk->place, error);
done:
    free(top);
    free(path);
    return status;
}
