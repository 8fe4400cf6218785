/* Codes of roots and readings: varints and strings. A reading: format, encoding, and three keys,
 * empty for the default. A root: path, the code of its reading, flags (1 hidden, 2 no ignore
 * files, 4 archives), then the count of globs to include and each of them, and the same of those to
 * exclude. */
#include "lib/writer_roots.h"

enum { FLAG_HIDDEN = 1, FLAG_NO_IGNORE = 2, FLAG_ARCHIVES = 4 };

/* A key as it is coded: empty if it is the default one. */
static struct kw_view key_view(const char *key, const char *usual)
{
    return kw_view_of(key && strcmp(key, usual) != 0 ? key : "");
}

void kw_reading_code(struct kw_bytes *code, const struct kw_source_options *options)
{
    kw_bytes_varint(code, options->format);
    kw_bytes_varint(code, options->encoding);
    kw_bytes_string(code, key_view(options->map_id, "id"));
    kw_bytes_string(code, key_view(options->map_title, "title"));
    kw_bytes_string(code, key_view(options->map_text, "text"));
}

/* Takes a string as a C string in the arena. */
static bool take_string(struct kw_view *code, struct kw_arena *arena, const char **string)
{
    struct kw_view view;
    if (!kw_take_string(code, &view))
        return false;
    *string = (const char *)kw_arena_copy(arena, view).data;
    return *string != NULL;
}

bool kw_reading_decode(struct kw_view code, struct kw_arena *arena,
                       struct kw_source_options *options)
{
    uint64_t format;
    uint64_t encoding;
    const char **keys[] = {&options->map_id, &options->map_title, &options->map_text};
    if (!kw_take_varint(&code, &format) || !kw_take_varint(&code, &encoding) ||
        format > KW_FORMAT_JSONL || encoding > KW_ENCODING_WINDOWS_1252)
        return false;
    options->format = (enum kw_format)format;
    options->encoding = (enum kw_encoding)encoding;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!take_string(&code, arena, keys[i]))
            return false;
        if (!**keys[i])
            *keys[i] = NULL;
    }
    return true;
}

static void code_globs(struct kw_bytes *code, const char *const *globs)
{
    size_t count = 0;
    while (globs && globs[count])
        count++;
    kw_bytes_varint(code, count);
    for (size_t i = 0; i < count; i++)
        kw_bytes_string(code, kw_view_of(globs[i]));
}

void kw_root_code(struct kw_bytes *code, const struct kw_root *root)
{
    kw_bytes_string(code, root->path);
    kw_bytes_string(code, root->reading);
    kw_bytes_varint(code, (root->walk.hidden ? FLAG_HIDDEN : 0U) |
                              (root->walk.no_ignore ? FLAG_NO_IGNORE : 0U) |
                              (root->archives ? FLAG_ARCHIVES : 0U));
    code_globs(code, (const char *const *)root->walk.include);
    code_globs(code, (const char *const *)root->walk.exclude);
}

/* Takes a list of globs as a NULL-terminated array in the arena; NULL for none. */
static bool take_globs(struct kw_view *code, struct kw_arena *arena, const char ***globs)
{
    uint64_t count;
    *globs = NULL;
    if (!kw_take_varint(code, &count) || count > code->size)
        return false;
    if (count == 0)
        return true;
    *globs = kw_arena_alloc(arena, (size_t)(count + 1) * sizeof **globs);
    for (uint64_t i = 0; *globs && i < count; i++) {
        if (!take_string(code, arena, &(*globs)[i]))
            return false;
    }
    return *globs != NULL;
}

bool kw_root_decode(struct kw_view code, struct kw_arena *arena, struct kw_root *root)
{
    uint64_t flags;
    const char *path;
    *root = (struct kw_root){.path = {NULL, 0}};
    if (!take_string(&code, arena, &path) || !kw_take_string(&code, &root->reading) ||
        !kw_take_varint(&code, &flags))
        return false;
    root->path = kw_view_of(path);
    root->walk.hidden = flags & FLAG_HIDDEN;
    root->walk.no_ignore = flags & FLAG_NO_IGNORE;
    root->archives = flags & FLAG_ARCHIVES;
    return take_globs(&code, arena, &root->walk.include) &&
           take_globs(&code, arena, &root->walk.exclude);
}

enum kw_status kw_reading_options(struct kw_source_options *reading,
                                  const struct kwic_index_options *options, struct kw_error *error)
{
    *reading = (struct kw_source_options){
        .map_id = options->map_id, .map_title = options->map_title, .map_text = options->map_text};
    if (options->format && !kw_format_named(options->format, &reading->format)) {
        kw_fail(error, KW_E_USAGE, "no input format '%s'", options->format);
        kw_hint(error, "formats are auto, text, markdown, html and jsonl");
        return KW_E_USAGE;
    }
    if (options->encoding && !kw_encoding_named(options->encoding, &reading->encoding)) {
        kw_fail(error, KW_E_USAGE, "no encoding '%s'", options->encoding);
        kw_hint(error, "encodings are auto, utf-8, utf-16le, utf-16be and windows-1252");
        return KW_E_USAGE;
    }
    return KW_OK;
}
