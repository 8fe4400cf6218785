/* Why a walk does not come to a file: it goes down the file's path alone, by the rules of every
 * walk. */
#include "ingest/walk_parts.h"

#include <errno.h>

/* Notes that walk->path is refused. */
static enum kw_status refuse(const struct kw_walk *walk, const struct kw_judgement *judgement,
                             struct kw_reason *reason, struct kw_error *error)
{
    reason->refusal = judgement->refusal;
    kw_bytes_append_view(&reason->path, kw_bytes_view(&walk->path));
    if (judgement->rule) {
        kw_bytes_append_view(&reason->rule, judgement->rule->written);
        reason->line = judgement->rule->line;
    }
    if (judgement->rules && judgement->rules->path)
        kw_bytes_append_text(&reason->rules, judgement->rules->path);
    if (reason->path.failed || reason->rule.failed || reason->rules.failed)
        return kw_fail_memory(error);
    return KW_OK;
}

static enum kw_status refuse_as(const struct kw_walk *walk, enum kw_refusal refusal,
                                struct kw_reason *reason, struct kw_error *error)
{
    struct kw_judgement judgement = {.refusal = refusal};
    return refuse(walk, &judgement, reason, error);
}

/* Goes into the folder walk->path, unless it is refused. */
static enum kw_status enter(struct kw_walk *walk, struct kw_reason *reason, struct kw_error *error)
{
    DIR *stream = kw_walk_open_folder(walk, false);
    if (!stream && errno == ENOMEM)
        return kw_fail_memory(error);
    if (!stream)
        return refuse_as(walk, errno ? KW_REFUSAL_UNREADABLE : KW_REFUSAL_FILE_SYSTEM, reason,
                         error);
    if (!kw_walk_is_index(stream))
        return kw_walk_push(walk, stream, error);
    closedir(stream);
    return refuse_as(walk, KW_REFUSAL_NEVER, reason, error);
}

/* Judges the next part of the way; `last` if it is the file itself. */
static enum kw_status step(struct kw_walk *walk, struct kw_view part, bool last,
                           struct kw_reason *reason, struct kw_error *error)
{
    struct stat info;
    enum kw_status status = kw_walk_set_path(walk, &walk->items[walk->count - 1], part, error);
    if (status != KW_OK)
        return status;
    const char *path = (const char *)walk->path.data;
    if (lstat(path, &info) != 0)
        return refuse_as(walk, KW_REFUSAL_ABSENT, reason, error);
    bool folder = S_ISDIR(info.st_mode);
    if (!folder && !S_ISREG(info.st_mode))
        return refuse_as(walk, KW_REFUSAL_KIND, reason, error);
    struct kw_judgement judgement = kw_walk_judge(walk, path + walk->path.size - part.size, folder);
    if (judgement.refusal != KW_REFUSAL_NONE)
        return refuse(walk, &judgement, reason, error);
    if (folder && !last)
        return enter(walk, reason, error);
    return folder == last ? refuse_as(walk, KW_REFUSAL_KIND, reason, error) : KW_OK;
}

enum kw_status kw_walk_why(const char *root, const struct kw_walk_options *options,
                           const char *below, struct kw_reason *reason, struct kw_error *error)
{
    struct kw_walk *walk;
    enum kw_status status = kw_walk_new(&walk, root, options, error);
    while (status == KW_OK && *below && reason->refusal == KW_REFUSAL_NONE) {
        size_t size = strcspn(below, "/");
        struct kw_view part = {(const uint8_t *)below, size};
        below += size + strspn(below + size, "/");
        status = step(walk, part, *below == '\0', reason, error);
    }
    kw_walk_free(walk);
    return status;
}

void kw_reason_release(struct kw_reason *reason)
{
    kw_bytes_release(&reason->path);
    kw_bytes_release(&reason->rule);
    kw_bytes_release(&reason->rules);
    *reason = (struct kw_reason)KW_REASON_INIT;
}
