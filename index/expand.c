/* Walks a lexicon and a pattern's automaton side by side. */
#include "index/expand.h"

enum kw_status kw_expand_cursor_init(struct kw_expand_cursor *cursor, struct kw_segment *segment,
                                     struct kw_view field, const struct kw_pattern *pattern,
                                     struct kw_error *error)
{
    *cursor = (struct kw_expand_cursor){.lexicon.segment = segment};
    kw_key_surface(&cursor->prefix, field, (struct kw_view){NULL, 0});
    kw_bytes_append_view(&cursor->bound, kw_bytes_view(&cursor->prefix));
    enum kw_status status =
        kw_pattern_walk_init(&cursor->walk, pattern, cursor->prefix.size, error);
    if (status != KW_OK)
        return status;
    kw_pattern_walk_first(&cursor->walk, &cursor->bound);
    status = kw_bytes_status(&cursor->prefix, error);
    if (status == KW_OK)
        status = kw_bytes_status(&cursor->bound, error);
    if (status == KW_OK)
        status =
            kw_lexicon_cursor_init(&cursor->lexicon, segment, kw_bytes_view(&cursor->bound), error);
    return status;
}

void kw_expand_cursor_release(struct kw_expand_cursor *cursor)
{
    kw_lexicon_cursor_release(&cursor->lexicon);
    kw_pattern_walk_release(&cursor->walk);
    kw_bytes_release(&cursor->prefix);
    kw_bytes_release(&cursor->bound);
    *cursor = (struct kw_expand_cursor){.lexicon.segment = NULL};
}

/* Whether the current key is one of the field's surface terms. */
static bool in_field(const struct kw_expand_cursor *cursor)
{
    const struct kw_bytes *key = &cursor->lexicon.key;
    return cursor->walk.valid >= cursor->prefix.size ||
           (key->size >= cursor->prefix.size &&
            memcmp(key->data, cursor->prefix.data, cursor->prefix.size) == 0);
}

/* Goes on from a dead key at the end of a block. */
static enum kw_status leap(struct kw_expand_cursor *cursor, struct kw_error *error)
{
    struct kw_view key = kw_bytes_view(&cursor->lexicon.key);
    if (!kw_pattern_walk_bound(&cursor->walk, key, &cursor->bound))
        return KW_END;
    struct kw_view bound = kw_bytes_view(&cursor->bound);
    enum kw_status status = kw_bytes_status(&cursor->bound, error);
    if (status == KW_OK && kw_view_compare(key, bound) < 0)
        status = kw_lexicon_cursor_seek(&cursor->lexicon, bound, error);
    return status;
}

enum kw_status kw_expand_cursor_next(struct kw_expand_cursor *cursor, struct kw_error *error)
{
    struct kw_lexicon_cursor *lexicon = &cursor->lexicon;
    for (;;) {
        bool accepted = false;
        enum kw_status status = kw_lexicon_cursor_next_key(lexicon, error);
        if (status != KW_OK)
            return status;
        cursor->looked_at++;
        kw_pattern_walk_next(&cursor->walk, lexicon->shared);
        if (!in_field(cursor))
            return KW_END;
        struct kw_view key = kw_bytes_view(&lexicon->key);
        if (!kw_pattern_walk_hopeless(&cursor->walk, key))
            status = kw_pattern_walk_run(&cursor->walk, key, &accepted, error);
        if (accepted) {
            cursor->term = (struct kw_view){lexicon->key.data + cursor->prefix.size,
                                            lexicon->key.size - cursor->prefix.size};
            return kw_lexicon_cursor_term(lexicon, error);
        }
        if (status == KW_OK && cursor->walk.dead && lexicon->ordinal % KW_LEXICON_BLOCK == 0)
            status = leap(cursor, error);
        if (status != KW_OK)
            return status;
    }
}
