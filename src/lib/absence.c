/* Why a file is no document of an index: it was deleted by hand, is below no root, a rule keeps
 * walks from it, or it is not text. */
#include "lib/absence.h"

#include "lib/paths.h"
#include "lib/writer_roots.h"
#include "lib/writer_sources.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is looked for in one member. */
struct inquiry {
    const struct kw_member *member;
    struct kw_ledger ledger; /* what the member knows of its sources */
    char *name;              /* relative to the base directory */
    char *path;              /* as it can be opened */
    char *whole;             /* absolute */
    struct kw_absence *absence;
};

/* Begins a ledger with what the member knows; the caller releases it, unless this fails. */
static enum kw_status open_ledger(struct kw_ledger *ledger, const struct kw_member *member,
                                  struct kw_error *error)
{
    struct kw_sources *sources;
    enum kw_status status = member->engine->ops->sources(member->engine, &sources, error);
    return status == KW_OK ? kw_ledger_init(ledger, sources, error) : status;
}

/* Says that the file itself is absent for this cause. */
static enum kw_status conclude(const struct inquiry *inquiry, enum kwic_absence kind,
                               struct kw_error *error)
{
    struct kw_reason *reason = &inquiry->absence->reason;
    inquiry->absence->kind = kind;
    kw_reason_release(reason);
    kw_bytes_append_text(&reason->path, inquiry->path);
    return kw_bytes_status(&reason->path, error);
}

/* ---- Roots ----------------------------------------------------------------------------------- */

static enum kwic_absence absence_of(enum kw_refusal refusal)
{
    static const enum kwic_absence kinds[] = {
        [KW_REFUSAL_NONE] = KWIC_ABSENT_NEW,
        [KW_REFUSAL_ABSENT] = KWIC_ABSENT_NO_FILE,
        [KW_REFUSAL_UNREADABLE] = KWIC_ABSENT_UNREADABLE,
        [KW_REFUSAL_KIND] = KWIC_ABSENT_KIND,
        [KW_REFUSAL_NEVER] = KWIC_ABSENT_NEVER,
        [KW_REFUSAL_IGNORED] = KWIC_ABSENT_IGNORED,
        [KW_REFUSAL_HIDDEN] = KWIC_ABSENT_HIDDEN,
        [KW_REFUSAL_EXCLUDED] = KWIC_ABSENT_EXCLUDED,
        [KW_REFUSAL_NOT_INCLUDED] = KWIC_ABSENT_NOT_INCLUDED,
        [KW_REFUSAL_FILE_SYSTEM] = KWIC_ABSENT_FILE_SYSTEM,
    };
    return kinds[refusal];
}

/* The path of the file below the absolute root `top`, empty for the root itself. */
static const char *path_below(const struct inquiry *inquiry, const char *top)
{
    size_t size = strlen(top);
    if (size > 1 || top[0] != '/')
        return inquiry->whole[size] == '/' ? inquiry->whole + size + 1 : "";
    return inquiry->whole + 1;
}

/* Writes a path that a walk gave, unless it is empty, as it is seen from the working directory. */
static enum kw_status tidy(struct kw_bytes *path, struct kw_error *error)
{
    char *here = path->size ? getcwd(NULL, 0) : NULL;
    if (!here)
        return KW_OK; /* there is none to be relative to */
    char *shown = kw_path_shown(here, kw_bytes_view(path));
    free(here);
    if (!shown)
        return kw_fail_memory(error);
    kw_bytes_clear(path);
    kw_bytes_append_text(path, shown);
    free(shown);
    return kw_bytes_status(path, error);
}

/* Walks towards the file from a root that it is below, or is. */
static enum kw_status try_root(const struct inquiry *inquiry, const struct kw_root *root,
                               struct kw_reason *reason, struct kw_error *error)
{
    const char *base = inquiry->member->base;
    char *relative = kw_view_string(root->path);
    char *top = relative ? kw_path_from(base, relative) : NULL;
    char *shown = kw_path_shown(base, root->path);
    enum kw_status status = top && shown ? KW_OK : kw_fail_memory(error);
    if (status == KW_OK && *path_below(inquiry, top))
        status = kw_walk_why(shown, &root->walk, path_below(inquiry, top), reason, error);
    if (status == KW_E_IO || status == KW_E_NOT_FOUND) { /* the root cannot be opened */
        reason->refusal = KW_REFUSAL_UNREADABLE;
        kw_bytes_append_text(&reason->path, shown);
        status = kw_bytes_status(&reason->path, error);
    }
    if (status == KW_OK)
        status = tidy(&reason->path, error);
    if (status == KW_OK)
        status = tidy(&reason->rules, error);
    free(shown);
    free(top);
    free(relative);
    return status;
}

/* Whether the file, which walks come to, can be read as text, in the way of the root. */
static enum kw_status try_reading(const struct inquiry *inquiry, const struct kw_root *root,
                                  struct kw_error *error)
{
    struct kw_arena arena = KW_ARENA_INIT;
    struct kw_source_options options = {.format = KW_FORMAT_AUTO};
    struct kw_source *source = NULL;
    enum kw_status status = KW_OK;
    if (!kw_reading_decode(root->reading, &arena, &options))
        status = kw_fail(error, KW_E_DAMAGED, "a root of the index makes no sense");
    else
        status = kw_source_new(&source, inquiry->path, inquiry->name, &options, error);
    kw_source_free(source);
    kw_arena_release(&arena);
    if (status == KW_E_INPUT)
        return conclude(inquiry, KWIC_ABSENT_NOT_TEXT, error);
    if (status == KW_E_IO || status == KW_E_NOT_FOUND)
        return conclude(inquiry, KWIC_ABSENT_UNREADABLE, error);
    return status == KW_OK ? conclude(inquiry, KWIC_ABSENT_NEW, error) : status;
}

/* Asks one root. *done: a walk of it comes to the file. */
static enum kw_status ask_root(const struct inquiry *inquiry, struct kw_view code, bool *done,
                               struct kw_error *error)
{
    struct kw_absence *absence = inquiry->absence;
    struct kw_arena arena = KW_ARENA_INIT;
    struct kw_reason reason = KW_REASON_INIT;
    struct kw_root root;
    enum kw_status status = KW_OK;
    if (!kw_root_decode(code, &arena, &root))
        status = kw_fail(error, KW_E_DAMAGED, "a root of the index makes no sense");
    if (status != KW_OK || !kw_path_below(kw_view_of(inquiry->name), root.path))
        goto done;
    status = try_root(inquiry, &root, &reason, error);
    *done = status == KW_OK && reason.refusal == KW_REFUSAL_NONE;
    if (*done) {
        status = try_reading(inquiry, &root, error);
    } else if (status == KW_OK && absence->kind == KWIC_ABSENT_OUTSIDE) {
        kw_reason_release(&absence->reason);
        absence->kind = absence_of(reason.refusal);
        absence->reason = reason;
        reason = (struct kw_reason)KW_REASON_INIT;
    }
done:
    kw_reason_release(&reason);
    kw_arena_release(&arena);
    return status;
}

/* Asks the roots, the newest first: what one of them comes to is not kept out by another. */
static enum kw_status ask_roots(const struct inquiry *inquiry, struct kw_error *error)
{
    const struct kw_ledger *ledger = &inquiry->ledger;
    enum kw_status status = conclude(inquiry, KWIC_ABSENT_OUTSIDE, error);
    bool done = false;
    for (size_t i = ledger->root_codes.count; i-- > 0 && !done && status == KW_OK;) {
        struct kw_view code = kw_bytes_view(&ledger->root_codes.items[i]);
        if (code.size)
            status = ask_root(inquiry, code, &done, error);
    }
    return status;
}

/* ---- One member ------------------------------------------------------------------------------ */

/* Whether the file lies in the folder of the index. */
static enum kw_status is_inside(const struct inquiry *inquiry, bool *inside, struct kw_error *error)
{
    const struct kw_member *member = inquiry->member;
    const char *folder = member->engine->ops->folder(member->engine);
    *inside = false;
    if (!folder)
        return KW_OK;
    char *name = kw_path_relative(member->base, folder);
    if (!name)
        return kw_fail_memory(error);
    *inside = kw_path_below(kw_view_of(inquiry->name), kw_view_of(name));
    free(name);
    return KW_OK;
}

static enum kw_status ask(struct inquiry *inquiry, struct kw_error *error)
{
    struct kw_view name = kw_view_of(inquiry->name);
    struct kw_known known;
    struct stat info;
    if (kw_ledger_is_gone(&inquiry->ledger, name))
        return conclude(inquiry, KWIC_ABSENT_DELETED, error);
    if (lstat(inquiry->path, &info) != 0)
        return conclude(inquiry,
                        errno == ENOENT || errno == ENOTDIR ? KWIC_ABSENT_NO_FILE
                                                            : KWIC_ABSENT_UNREADABLE,
                        error);
    bool inside;
    enum kw_status status = is_inside(inquiry, &inside, error);
    if (status != KW_OK || inside)
        return status == KW_OK ? conclude(inquiry, KWIC_ABSENT_NEVER, error) : status;
    if (S_ISDIR(info.st_mode))
        return conclude(inquiry, KWIC_ABSENT_FOLDER, error);
    status = kw_ledger_find(&inquiry->ledger, name, &known, error);
    if (status == KW_OK && (known.holds == KW_HOLDS_RECORDS || known.holds == KW_HOLDS_ARCHIVE))
        return conclude(inquiry, KWIC_ABSENT_RECORDS, error);
    return status == KW_OK || status == KW_E_NOT_FOUND ? ask_roots(inquiry, error) : status;
}

/* Asks one member about `name`, NUL-terminated. */
static enum kw_status ask_member(struct kw_absence *absence, const struct kw_member *member,
                                 const char *name, bool id_only, struct kw_error *error)
{
    struct inquiry inquiry = {.member = member, .absence = absence};
    inquiry.name = id_only ? strdup(name) : kw_path_name(member->base, name);
    if (inquiry.name) {
        inquiry.path = kw_path_shown(member->base, kw_view_of(inquiry.name));
        inquiry.whole = kw_path_from(member->base, inquiry.name);
    }
    enum kw_status status = inquiry.path && inquiry.whole
                                ? open_ledger(&inquiry.ledger, member, error)
                                : kw_fail_memory(error);
    if (status == KW_OK) {
        status = ask(&inquiry, error);
        kw_ledger_release(&inquiry.ledger);
    }
    free(inquiry.whole);
    free(inquiry.path);
    free(inquiry.name);
    return status;
}

enum kw_status kw_absence_find(struct kw_absence *absence, struct kwic_index *index,
                               struct kw_view name, bool id_only, struct kw_error *error)
{
    char *copy = kw_view_string(name);
    enum kw_status status = copy ? KW_OK : kw_fail_memory(error);
    absence->kind = KWIC_ABSENT_OUTSIDE;
    for (size_t i = 0; i < index->count && status == KW_OK && absence->kind == KWIC_ABSENT_OUTSIDE;
         i++)
        status = ask_member(absence, &index->members[i], copy, id_only, error);
    free(copy);
    return status;
}

void kw_absence_release(struct kw_absence *absence)
{
    kw_reason_release(&absence->reason);
    absence->kind = KWIC_PRESENT;
}
