/* Walks a lexicon and a pattern's automaton side by side. */
#include "index/expand.h"

#include "stemmers/utf8.h"

#include <stdlib.h>

/* The automaton has room for another step behind `count`; false when memory runs out. */
static bool push(struct kw_expand_cursor *cursor, size_t end)
{
    if (!kw_grow(&cursor->steps, cursor->steps.count + 1))
        return false;
    cursor->steps.items[cursor->steps.count++].end = end;
    return true;
}

/* Appends to the bound what the least string that is accepted from `state` begins with, as far as
 * that is one character after the other without a choice of all. */
static void complete(struct kw_expand_cursor *cursor, struct kw_pattern_state state)
{
    const struct kw_pattern *pattern = cursor->pattern;
    struct kw_pattern_state next;
    uint32_t code;
    while (!kw_pattern_accepts(pattern, &state) && kw_pattern_least(pattern, &state, 0, &code) &&
           code > 0) {
        uint8_t bytes[KW_UTF8_BYTES];
        kw_bytes_append(&cursor->bound, bytes, kw_utf8_encode(code, bytes));
        kw_pattern_step(pattern, &state, code, &next);
        state = next;
    }
}

/* Makes the bound the least key that may be accepted among those behind all that begin as the dead
 * one; false if there is none. */
static bool find_bound(struct kw_expand_cursor *cursor)
{
    const struct kw_expand_step *steps = cursor->steps.items;
    for (size_t i = cursor->steps.count; i-- > 0;) {
        struct kw_pattern_state state;
        uint8_t bytes[KW_UTF8_BYTES];
        uint32_t code;
        if (!kw_pattern_least(cursor->pattern, &steps[i].state, steps[i].code + 1, &code))
            continue;
        kw_bytes_clear(&cursor->bound);
        kw_bytes_append(&cursor->bound, cursor->lexicon.key.data, steps[i].end);
        kw_bytes_append(&cursor->bound, bytes, kw_utf8_encode(code, bytes));
        kw_pattern_step(cursor->pattern, &steps[i].state, code, &state);
        complete(cursor, state);
        return true;
    }
    return false;
}

enum kw_status kw_expand_cursor_init(struct kw_expand_cursor *cursor, struct kw_segment *segment,
                                     struct kw_view field, const struct kw_pattern *pattern,
                                     struct kw_error *error)
{
    *cursor = (struct kw_expand_cursor){.pattern = pattern};
    cursor->lexicon.segment = segment;
    kw_key_surface(&cursor->prefix, field, (struct kw_view){NULL, 0});
    kw_bytes_append_view(&cursor->bound, kw_bytes_view(&cursor->prefix));
    if (!push(cursor, cursor->prefix.size))
        return kw_fail_memory(error);
    kw_pattern_start(pattern, &cursor->steps.items[0].state);
    complete(cursor, cursor->steps.items[0].state);
    enum kw_status status = kw_bytes_status(&cursor->prefix, error);
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
    kw_bytes_release(&cursor->prefix);
    kw_bytes_release(&cursor->bound);
    free(cursor->steps.items);
    *cursor = (struct kw_expand_cursor){.pattern = NULL};
}

/* Runs the automaton along the current key, from where it differs from the one before. */
static enum kw_status run(struct kw_expand_cursor *cursor, bool *accepted, struct kw_error *error)
{
    const struct kw_bytes *key = &cursor->lexicon.key;
    while (cursor->steps.count > 1 &&
           cursor->steps.items[cursor->steps.count - 1].end > cursor->valid)
        cursor->steps.count--;
    size_t at = cursor->steps.items[cursor->steps.count - 1].end;
    cursor->valid = SIZE_MAX;
    cursor->dead = 0;
    *accepted = false;
    while (at < key->size) {
        uint32_t code = kw_utf8_decode(key->data, at, key->size, &at);
        if (!push(cursor, at))
            return kw_fail_memory(error);
        struct kw_expand_step *step = &cursor->steps.items[cursor->steps.count - 1];
        step[-1].code = code;
        if (!kw_pattern_step(cursor->pattern, &step[-1].state, code, &step->state)) {
            cursor->steps.count--;
            cursor->dead = at;
            return KW_OK;
        }
    }
    *accepted =
        kw_pattern_accepts(cursor->pattern, &cursor->steps.items[cursor->steps.count - 1].state);
    return KW_OK;
}

/* Whether the current key is one of the field's surface terms. */
static bool in_field(const struct kw_expand_cursor *cursor)
{
    const struct kw_bytes *key = &cursor->lexicon.key;
    return cursor->valid >= cursor->prefix.size ||
           (key->size >= cursor->prefix.size &&
            memcmp(key->data, cursor->prefix.data, cursor->prefix.size) == 0);
}

/* Whether the current key can be passed over without running the automaton: it begins as a dead
 * one, or does not end as every match does. */
static bool hopeless(const struct kw_expand_cursor *cursor)
{
    const struct kw_bytes *key = &cursor->lexicon.key;
    size_t tail = cursor->pattern->tail_size;
    if (cursor->dead && cursor->valid >= cursor->dead)
        return true;
    return tail && (key->size - cursor->prefix.size < tail ||
                    memcmp(key->data + key->size - tail, cursor->pattern->tail, tail) != 0);
}

/* Goes on from a dead key at the end of a block. In a key that is not valid UTF-8 the bound may not
 * lie ahead. */
static enum kw_status leap(struct kw_expand_cursor *cursor, struct kw_error *error)
{
    if (!find_bound(cursor))
        return KW_END;
    struct kw_view key = kw_bytes_view(&cursor->lexicon.key), bound = kw_bytes_view(&cursor->bound);
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
        if (lexicon->shared < cursor->valid)
            cursor->valid = lexicon->shared;
        if (!in_field(cursor))
            return KW_END;
        if (!hopeless(cursor))
            status = run(cursor, &accepted, error);
        if (accepted) {
            cursor->term = (struct kw_view){lexicon->key.data + cursor->prefix.size,
                                            lexicon->key.size - cursor->prefix.size};
            return kw_lexicon_cursor_term(lexicon, error);
        }
        if (status == KW_OK && cursor->dead && lexicon->ordinal % KW_LEXICON_BLOCK == 0)
            status = leap(cursor, error);
        if (status != KW_OK)
            return status;
    }
}
