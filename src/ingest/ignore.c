/* Parsing of ignore rules and the verdict of the last rule that matches. */
#include "ingest/ignore.h"

#include "ingest/glob.h"

#include <stdlib.h>

static enum kw_status add_rule(struct kw_ignore *ignore, struct kw_view pattern, bool kept,
                               struct kw_error *error)
{
    struct kw_ignore_rule rule = {.written = pattern, .line = ignore->lines, .kept = kept};
    if (pattern.size && pattern.data[pattern.size - 1] == '/') {
        rule.folders_only = true;
        pattern.size--;
    }
    rule.anchored = pattern.size && memchr(pattern.data, '/', pattern.size);
    if (pattern.size && pattern.data[0] == '/') {
        pattern.data++;
        pattern.size--;
    }
    if (!pattern.size)
        return KW_OK;
    if (!kw_grow(ignore, ignore->count + 1))
        return kw_fail_memory(error);
    rule.pattern = pattern;
    ignore->items[ignore->count++] = rule;
    return KW_OK;
}

/* Cuts the blanks at the line's end, but not one behind a backslash. */
static struct kw_view trim(struct kw_view line)
{
    size_t kept = 0;
    for (size_t i = 0; i < line.size; i++) {
        if (line.data[i] == '\\' && i + 1 < line.size)
            kept = ++i + 1;
        else if (line.data[i] != ' ')
            kept = i + 1;
    }
    line.size = kept;
    return line;
}

static enum kw_status add_line(struct kw_ignore *ignore, struct kw_view line,
                               struct kw_error *error)
{
    if (line.size && line.data[line.size - 1] == '\r')
        line.size--;
    line = trim(line);
    ignore->lines++;
    if (!line.size || line.data[0] == '#')
        return KW_OK;
    size_t count = ignore->count;
    bool kept = line.data[0] == '!';
    struct kw_view pattern = {line.data + kept, line.size - kept};
    enum kw_status status = add_rule(ignore, pattern, kept, error);
    if (ignore->count > count)
        ignore->items[count].written = line;
    return status;
}

enum kw_status kw_ignore_parse(struct kw_ignore *ignore, struct kw_view text,
                               struct kw_error *error)
{
    enum kw_status status = KW_OK;
    if (text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0) {
        text.data += 3;
        text.size -= 3;
    }
    if (!text.size)
        return KW_OK;
    ignore->text = malloc(text.size);
    if (!ignore->text)
        return kw_fail_memory(error);
    memcpy(ignore->text, text.data, text.size);
    struct kw_view rest = {ignore->text, text.size};
    while (rest.size && status == KW_OK) {
        const uint8_t *end = memchr(rest.data, '\n', rest.size);
        struct kw_view line = {rest.data, end ? (size_t)(end - rest.data) : rest.size};
        size_t used = line.size + (end != NULL);
        status = add_line(ignore, line, error);
        rest.data += used;
        rest.size -= used;
    }
    return status;
}

enum kw_status kw_ignore_add(struct kw_ignore *ignore, const char *glob, struct kw_error *error)
{
    return add_rule(ignore, kw_view_of(glob), false, error);
}

void kw_ignore_release(struct kw_ignore *ignore)
{
    free(ignore->items);
    free(ignore->text);
    free(ignore->path);
    *ignore = (struct kw_ignore)KW_IGNORE_INIT;
}

const struct kw_ignore_rule *kw_ignore_find(const struct kw_ignore *ignore, struct kw_view path,
                                            bool folder)
{
    const uint8_t *slash = path.size ? memrchr(path.data, '/', path.size) : NULL;
    size_t before = slash ? (size_t)(slash - path.data) + 1 : 0;
    struct kw_view name = {path.data + before, path.size - before};
    for (size_t i = ignore->count; i-- > 0;) {
        const struct kw_ignore_rule *rule = &ignore->items[i];
        if (rule->folders_only && !folder)
            continue;
        if (kw_glob_match(rule->pattern, rule->anchored ? path : name))
            return rule;
    }
    return NULL;
}

enum kw_verdict kw_ignore_match(const struct kw_ignore *ignore, struct kw_view path, bool folder)
{
    const struct kw_ignore_rule *rule = kw_ignore_find(ignore, path, folder);
    return !rule ? KW_VERDICT_NONE : rule->kept ? KW_VERDICT_KEPT : KW_VERDICT_IGNORED;
}
