/* The rules of one .gitignore or .ignore file, and lists of globs. Source: gitignore(5). */
#ifndef KW_INGEST_IGNORE_H
#define KW_INGEST_IGNORE_H

#include "base/bytes.h"

struct kw_ignore_rule {
    struct kw_view pattern;
    struct kw_view written; /* as it stands in the file */
    uint64_t line;          /* of the file, from 1; of a glob 0 */
    bool kept;              /* "!pattern": what matches is not ignored after all */
    bool folders_only;      /* "pattern/" */
    bool anchored; /* a slash in it: matched against the path, else against the last name */
};

/* Rules in the order of the file; the last that matches decides. */
struct kw_ignore {
    struct kw_ignore_rule *items;
    size_t count;
    size_t capacity;
    uint8_t *text;  /* what the patterns point into, owned */
    char *path;     /* of the file, for messages; owned; NULL: of none */
    uint64_t lines; /* read so far */
};

#define KW_IGNORE_INIT                                                                             \
    {                                                                                              \
        NULL, 0, 0, NULL, NULL, 0                                                                  \
    }

enum kw_verdict {
    KW_VERDICT_NONE, /* no rule speaks of it */
    KW_VERDICT_IGNORED,
    KW_VERDICT_KEPT,
};

/* Reads the rules of a file's content, which is copied: comments, "!", trailing slashes and blanks,
 * CR LF and a byte order mark as git does. `ignore` must be as KW_IGNORE_INIT. KW_E_MEMORY. */
enum kw_status kw_ignore_parse(struct kw_ignore *ignore, struct kw_view text,
                               struct kw_error *error);

/* Adds one glob as a rule, "!" and "#" taken as they are; `glob` is borrowed. KW_E_MEMORY. */
enum kw_status kw_ignore_add(struct kw_ignore *ignore, const char *glob, struct kw_error *error);

void kw_ignore_release(struct kw_ignore *ignore);

/* The last rule that matches `path`, as below, or NULL. */
const struct kw_ignore_rule *kw_ignore_find(const struct kw_ignore *ignore, struct kw_view path,
                                            bool folder);

/* What the rules say of `path`, relative to the folder of the rules and without a slash at its
 * ends. Its parents are not asked about: a walk does not enter an ignored folder. */
enum kw_verdict kw_ignore_match(const struct kw_ignore *ignore, struct kw_view path, bool folder);

#endif
