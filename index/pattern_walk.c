/* Keeps the automaton's states along a key. */
#include "index/pattern_walk.h"

#include "stemmers/utf8.h"

#include <stdlib.h>

/* The automaton has room for another step behind `count`; false when memory runs out. */
static bool push(struct kw_pattern_walk *walk, size_t end)
{
    if (!kw_grow(&walk->steps, walk->steps.count + 1))
        return false;
    walk->steps.items[walk->steps.count++].end = end;
    return true;
}

enum kw_status kw_pattern_walk_init(struct kw_pattern_walk *walk, const struct kw_pattern *pattern,
                                    size_t begin, struct kw_error *error)
{
    *walk = (struct kw_pattern_walk){.pattern = pattern, .begin = begin};
    if (!push(walk, begin))
        return kw_fail_memory(error);
    kw_pattern_start(pattern, &walk->steps.items[0].state);
    return KW_OK;
}

void kw_pattern_walk_release(struct kw_pattern_walk *walk)
{
    free(walk->steps.items);
    *walk = (struct kw_pattern_walk){.pattern = NULL};
}

/* Appends to the bound what the least string that is accepted from `state` begins with, as far as
 * that is one character after the other without a choice of all. */
static void complete(const struct kw_pattern *pattern, struct kw_pattern_state state,
                     struct kw_bytes *bound)
{
    struct kw_pattern_state next;
    uint32_t code;
    while (!kw_pattern_accepts(pattern, &state) && kw_pattern_least(pattern, &state, 0, &code) &&
           code > 0) {
        uint8_t bytes[KW_UTF8_BYTES];
        kw_bytes_append(bound, bytes, kw_utf8_encode(code, bytes));
        kw_pattern_step(pattern, &state, code, &next);
        state = next;
    }
}

void kw_pattern_walk_first(struct kw_pattern_walk *walk, struct kw_bytes *bound)
{
    complete(walk->pattern, walk->steps.items[0].state, bound);
}

bool kw_pattern_walk_bound(struct kw_pattern_walk *walk, struct kw_view key, struct kw_bytes *bound)
{
    const struct kw_pattern_step *steps = walk->steps.items;
    for (size_t i = walk->steps.count; i-- > 0;) {
        struct kw_pattern_state state;
        uint8_t bytes[KW_UTF8_BYTES];
        uint32_t code;
        if (!kw_pattern_least(walk->pattern, &steps[i].state, steps[i].code + 1, &code))
            continue;
        kw_bytes_clear(bound);
        kw_bytes_append(bound, key.data, steps[i].end);
        kw_bytes_append(bound, bytes, kw_utf8_encode(code, bytes));
        kw_pattern_step(walk->pattern, &steps[i].state, code, &state);
        complete(walk->pattern, state, bound);
        return true;
    }
    return false;
}

enum kw_status kw_pattern_walk_run(struct kw_pattern_walk *walk, struct kw_view key, bool *accepted,
                                   struct kw_error *error)
{
    while (walk->steps.count > 1 && walk->steps.items[walk->steps.count - 1].end > walk->valid)
        walk->steps.count--;
    size_t at = walk->steps.items[walk->steps.count - 1].end;
    walk->valid = SIZE_MAX;
    walk->dead = 0;
    *accepted = false;
    while (at < key.size) {
        uint32_t code = kw_utf8_decode(key.data, at, key.size, &at);
        if (!push(walk, at))
            return kw_fail_memory(error);
        struct kw_pattern_step *step = &walk->steps.items[walk->steps.count - 1];
        step[-1].code = code;
        if (!kw_pattern_step(walk->pattern, &step[-1].state, code, &step->state)) {
            walk->steps.count--;
            walk->dead = at;
            return KW_OK;
        }
    }
    *accepted = kw_pattern_accepts(walk->pattern, &walk->steps.items[walk->steps.count - 1].state);
    return KW_OK;
}

bool kw_pattern_walk_hopeless(const struct kw_pattern_walk *walk, struct kw_view key)
{
    size_t tail = walk->pattern->tail_size;
    if (walk->dead && walk->valid >= walk->dead)
        return true;
    return tail && (key.size - walk->begin < tail ||
                    memcmp(key.data + key.size - tail, walk->pattern->tail, tail) != 0);
}
