/* A walk at work: what walk.c, walk_rules.c and walk_why.c share. */
#ifndef KW_INGEST_WALK_PARTS_H
#define KW_INGEST_WALK_PARTS_H

#include "ingest/ignore.h"
#include "ingest/source.h"

#include <dirent.h>
#include <sys/stat.h>

struct kw_walk_entry {
    size_t name; /* offset into the names of its folder */
    size_t size;
    bool folder;
};

/* A folder on the way down. Those above the walk's root have rules but no entries. */
struct kw_walk_folder {
    struct kw_bytes names;
    struct kw_walk_entry *items;
    size_t count;
    size_t capacity;
    size_t next;      /* the first entry not yet visited */
    size_t path_size; /* of walk->path up to this folder's last slash */
    size_t place;     /* of walk->place, likewise */
    struct kw_ignore git_rules;
    struct kw_ignore own_rules; /* of `.ignore`: they go before those of any .gitignore */
    bool repository;            /* has a .git: .gitignore files above it do not count */
};

struct kw_walk {
    struct kw_walk_options options;
    struct kw_ignore include;
    struct kw_ignore exclude;
    struct kw_walk_folder *items; /* outermost first */
    size_t count;
    size_t capacity;
    struct kw_bytes path;  /* root and names, as handed out */
    struct kw_bytes place; /* the same from the outermost folder whose rules count */
    size_t root_place;     /* where in `place` the path relative to the root begins */
    dev_t device;
    uint64_t unreadable;
};

/* Whether a walk visits a file or folder, and if not, why. */
struct kw_judgement {
    enum kw_refusal refusal;
    const struct kw_ignore *rules;     /* IGNORED: the file of the rule; else NULL */
    const struct kw_ignore_rule *rule; /* IGNORED, EXCLUDED: the one that says so; else NULL */
};

/* Judges walk->path, whose last part is `name`. As in rg, a rule that keeps a hidden name makes it
 * visible. */
struct kw_judgement kw_walk_judge(const struct kw_walk *walk, const char *name, bool folder);

/* Reads the rules of the folder `path`, .gitignore and .ignore. Files that cannot be read are
 * warned of. KW_E_MEMORY. */
enum kw_status kw_walk_read_rules(struct kw_walk *walk, const char *path,
                                  struct kw_walk_folder *folder, struct kw_error *error);

/* Adds the rules of the folders above `root` up to the repository it is in, if it is in one and is
 * not its top; walk->place becomes the root's path in it. */
enum kw_status kw_walk_read_parents(struct kw_walk *walk, const char *root, struct kw_error *error);

/* Warns that `what` with this path cannot be read, for the cause in errno. */
void kw_walk_cannot_read(struct kw_walk *walk, const char *what, const char *path);

/* Makes path and place those of `name` in `folder`, path with a NUL behind its end. KW_E_MEMORY. */
enum kw_status kw_walk_set_path(struct kw_walk *walk, const struct kw_walk_folder *folder,
                                struct kw_view name, struct kw_error *error);

/* Opens the folder walk->path; NULL with errno on failure, or with errno 0 if it is on another file
 * system. */
DIR *kw_walk_open_folder(struct kw_walk *walk, bool root);

/* Whether the folder is an index of ours, whatever its name: what lies in it is nobody's text. */
bool kw_walk_is_index(DIR *stream);

/* Pushes the folder walk->path with its listing read from `stream`, which is ended. KW_E_MEMORY. */
enum kw_status kw_walk_push(struct kw_walk *walk, DIR *stream, struct kw_error *error);

#endif
